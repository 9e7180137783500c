// clients.json -> Decide -> stream client/{id} -> IssueToken
using Fleet.Defaults;

namespace Fleet.Identity.Clients;

/// <summary>What the operator wants a client to be: one entry of clients.json.</summary>
/// <param name="Disabled">True stops the client for good, at the next start of identity.</param>
public sealed record WantedClient(
    string ClientId, string SecretHash, string Role,
    string? Provider = null, string? Tenant = null, string? Site = null, string? Agent = null, bool Disabled = false)
{
    public Standing Standing => new(Role, Provider, Tenant, Site, Agent);
}

public static class RegisterClient
{
    public static Decision<ClientEvent> Decide(WantedClient wanted, Client client, DateTimeOffset now)
    {
        if (Fault(wanted) is { } fault)
            return Refusal.Invalid("client", $"Client '{wanted.ClientId}': {fault}.");
        if (client.Standing is not { } standing)
        {
            ClientEvent registered = new ClientEvent.Registered(wanted.SecretHash, wanted.Standing, now);
            return new(wanted.Disabled ? [registered, new ClientEvent.Disabled(now)] : [registered]);
        }
        if (standing != wanted.Standing)
            return Refusal.Conflict("client", $"Client '{wanted.ClientId}' is registered as {standing}; another standing needs another client id.");

        var events = new List<ClientEvent>();
        if (client.SecretHash != wanted.SecretHash)
            events.Add(new ClientEvent.SecretChanged(wanted.SecretHash, now));
        if (wanted.Disabled && !client.IsDisabled)
            events.Add(new ClientEvent.Disabled(now));
        return new(events);
    }

    private static string? Fault(WantedClient wanted) => wanted switch
    {
        { ClientId: null or "" } => "it has no clientId",
        { SecretHash: null } => "it has no secretHash",
        _ when SecretHash.Parse(wanted.SecretHash) is null => "its secretHash is not pbkdf2-sha256$iterations$salt$hash with at least 10000 iterations",
        _ => ClientRoles.Fault(wanted.Standing),
    };
}
