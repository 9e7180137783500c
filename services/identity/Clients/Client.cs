using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Identity.Clients;

public abstract record ClientEvent
{
    /// <param name="SecretHash"><see cref="SecretHash"/>; the secret itself is nowhere.</param>
    public sealed record Registered(string SecretHash, Standing Standing, DateTimeOffset At) : ClientEvent;

    /// <summary>A program that shows no secret but signs with a key of its own (<c>private_key_jwt</c>): we know the public halves, several while one follows another.</summary>
    public sealed record KeysRegistered(IReadOnlyList<PublicKey> Keys, Standing Standing, DateTimeOffset At) : ClientEvent;

    public sealed record KeysChanged(IReadOnlyList<PublicKey> Keys, DateTimeOffset At) : ClientEvent;

    /// <summary>A program in people's hands, which can keep no secret: people sign in through it, and tokens are theirs.</summary>
    public sealed record PublicRegistered(IReadOnlyList<string> RedirectUris, DateTimeOffset At) : ClientEvent;

    public sealed record RedirectUrisChanged(IReadOnlyList<string> RedirectUris, DateTimeOffset At) : ClientEvent;

    public sealed record SecretChanged(string SecretHash, DateTimeOffset At) : ClientEvent;

    /// <summary>For good: whoever returns gets a new client id.</summary>
    public sealed record Disabled(DateTimeOffset At) : ClientEvent;
}

/// <summary>In whose name a client acts. Never changes: another standing is another client.</summary>
/// <param name="Role">A role of <c>Rights</c>, or <c>agent</c>.</param>
/// <param name="Provider">For the provider's roles: acts for all tenants of this provider.</param>
/// <param name="Tenant">For the customer's roles and agents: acts for this tenant only.</param>
/// <param name="Site">Agents only.</param>
/// <param name="Agent">Agents only: the id the agent signs with, its token's subject.</param>
/// <param name="Purposes">Integrators only: what they use data for, blank between the words, sorted; null: as before there was a choice, fleet-management.</param>
public sealed record Standing(
    string Role, string? Provider = null, string? Tenant = null, string? Site = null, string? Agent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Purposes = null);

/// <param name="Standing">Null for a public client, and for none.</param>
/// <param name="RedirectUris">Of a public client: where people are sent back to, and nowhere else; null for all others.</param>
/// <param name="Keys">Of a client that signs; null for all others.</param>
public sealed record Client(string? SecretHash, Standing? Standing, bool IsDisabled, IReadOnlyList<string>? RedirectUris = null, IReadOnlyList<PublicKey>? Keys = null)
{
    public static readonly Client None = new(null, null, IsDisabled: false);

    public static readonly StreamType<Client, ClientEvent> Stream = new("client", None, Evolve)
    {
        Events =
        {
            ["client_registered"] = typeof(ClientEvent.Registered),
            ["client_keys_registered"] = typeof(ClientEvent.KeysRegistered),
            ["client_keys_changed"] = typeof(ClientEvent.KeysChanged),
            ["client_public_registered"] = typeof(ClientEvent.PublicRegistered),
            ["client_redirect_uris_changed"] = typeof(ClientEvent.RedirectUrisChanged),
            ["client_secret_changed"] = typeof(ClientEvent.SecretChanged),
            ["client_disabled"] = typeof(ClientEvent.Disabled),
        },
    };

    public static string Key(string clientId) => $"client/{clientId}";

    public static Client Evolve(Client client, ClientEvent e) => e switch
    {
        ClientEvent.Registered registered => new(registered.SecretHash, registered.Standing, IsDisabled: false),
        ClientEvent.KeysRegistered registered => new(null, registered.Standing, IsDisabled: false, Keys: registered.Keys),
        ClientEvent.KeysChanged changed => client with { Keys = changed.Keys },
        ClientEvent.PublicRegistered registered => new(null, null, IsDisabled: false, registered.RedirectUris),
        ClientEvent.RedirectUrisChanged changed => client with { RedirectUris = changed.RedirectUris },
        ClientEvent.SecretChanged changed => client with { SecretHash = changed.SecretHash },
        ClientEvent.Disabled => client with { IsDisabled = true },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}
