// clients.json -> Decide -> stream client/{id} -> IssueToken
using Fleet.Defaults;

namespace Fleet.Identity.Clients;

/// <summary>What the operator wants a client to be: one entry of clients.json.</summary>
/// <param name="Disabled">True stops the client for good, at the next start of identity.</param>
/// <param name="Purposes">Of an integrator: <c>fleet-management</c>, <c>billing</c>, or both; left out: <c>fleet-management</c>.</param>
/// <param name="Jwks">Instead of a secret: the public halves of the keys it signs with (RFC 7517), P-256.</param>
/// <param name="RedirectUris">A public client, that people sign in through: it has these and neither secret nor role.</param>
public sealed record WantedClient(
    string ClientId, string? SecretHash = null, string? Role = null,
    string? Provider = null, string? Tenant = null, string? Site = null, string? Agent = null, bool Disabled = false, IReadOnlyList<string>? RedirectUris = null,
    IReadOnlyList<string>? Purposes = null, KeySet? Jwks = null)
{
    public Standing Standing => new(Role!, Provider, Tenant, Site, Agent, Purposes is null ? null : string.Join(' ', Purposes.Distinct().Order(StringComparer.Ordinal)));
}

public static class RegisterClient
{
    public static Decision<ClientEvent> Decide(WantedClient wanted, Client client, DateTimeOffset now)
    {
        if (Fault(wanted) is { } fault)
            return Refusal.Invalid("client", $"Client '{wanted.ClientId}': {fault}.");
        if (wanted.RedirectUris is { } uris)
            return DecidePublic(wanted, uris, client, now);
        if (client.RedirectUris is not null)
            return Refusal.Conflict("client", $"Client '{wanted.ClientId}' is registered as a public one; one with a secret needs another client id.");
        if (client.Standing is not { } standing)
        {
            ClientEvent registered = wanted.Jwks is { Keys: var first } ? new ClientEvent.KeysRegistered(first, wanted.Standing, now) : new ClientEvent.Registered(wanted.SecretHash!, wanted.Standing, now);
            return new(wanted.Disabled ? [registered, new ClientEvent.Disabled(now)] : [registered]);
        }
        if (standing != wanted.Standing)
            return Refusal.Conflict("client", $"Client '{wanted.ClientId}' is registered as {standing}; another standing needs another client id.");

        var events = new List<ClientEvent>();
        if ((client.Keys is null) != (wanted.Jwks is null))
            return Refusal.Conflict("client", $"Client '{wanted.ClientId}' is registered {(client.Keys is null ? "with a secret" : "with keys")}; another way to authenticate needs another client id.");
        if (wanted.Jwks is { Keys: var keys } && !client.Keys!.SequenceEqual(keys))
            events.Add(new ClientEvent.KeysChanged(keys, now));
        if (client.SecretHash != wanted.SecretHash)
            events.Add(new ClientEvent.SecretChanged(wanted.SecretHash!, now));
        if (wanted.Disabled && !client.IsDisabled)
            events.Add(new ClientEvent.Disabled(now));
        return new(events);
    }

    private static Decision<ClientEvent> DecidePublic(WantedClient wanted, IReadOnlyList<string> uris, Client client, DateTimeOffset now)
    {
        if (client.Standing is not null)
            return Refusal.Conflict("client", $"Client '{wanted.ClientId}' is registered with a secret; a public one needs another client id.");
        var events = new List<ClientEvent>();
        if (client.RedirectUris is null)
            events.Add(new ClientEvent.PublicRegistered(uris, now));
        else if (!client.RedirectUris.SequenceEqual(uris))
            events.Add(new ClientEvent.RedirectUrisChanged(uris, now));
        if (wanted.Disabled && !client.IsDisabled)
            events.Add(new ClientEvent.Disabled(now));
        return new(events);
    }

    private static string? Fault(WantedClient wanted) => wanted switch
    {
        { ClientId: null or "" } => "it has no clientId",
        { ClientId: OAuth.AgentClient.Id } => "that id is every agent's",
        { RedirectUris: not null, SecretHash: null, Role: null, Provider: null, Tenant: null, Site: null, Agent: null } => wanted.RedirectUris.Select(RedirectUri.Fault).FirstOrDefault(fault => fault is not null)
            ?? (wanted.RedirectUris.Count == 0 ? "it has no redirectUris" : null),
        { RedirectUris: not null } => "a public client has redirectUris and nothing else: no secret would stay one, and its tokens are those of the people who sign in",
        { SecretHash: null, Jwks: null } => "it has no secretHash, and no jwks",
        { SecretHash: not null, Jwks: not null } => "it has a secretHash and a jwks: a client authenticates one way",
        { Jwks.Keys: { } keys } when ClientKeys.Fault(keys) is { } fault => fault,
        { Jwks: not null } => ClientRoles.Fault(wanted.Standing),
        _ when SecretHash.Parse(wanted.SecretHash) is null => "its secretHash is not pbkdf2-sha256$iterations$salt$hash with at least 10000 iterations",
        _ => ClientRoles.Fault(wanted.Standing),
    };
}
