// POST /oauth/token refused -> at most one event a minute for a client and an error -> stream audit/refusals of its house
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;

namespace Fleet.Identity.Audit;

/// <summary>Keeps who was refused a token, and why. The first refusal is written at once; those that follow within a minute are counted and told with the next one.</summary>
public sealed class RecordRefusals(ModuleContext module)
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private static readonly HashSet<string> Worth = ["invalid_client", "invalid_grant", "invalid_scope", "invalid_dpop_proof"];

    private static readonly HashSet<string> Grants = [TokenRequest.ClientCredentials, TokenRequest.AuthorizationCode, AgentClient.DeviceCode, AgentClient.RefreshToken];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string?, string), (DateTimeOffset Written, int Since)> _told = [];

    /// <param name="client">As it called itself.</param>
    public async Task AddAsync(string? client, string? grant, TokenError error, CancellationToken cancel)
    {
        if (!Worth.Contains(error.Error))
            return;
        var (known, home) = await OfAsync(client, cancel);
        if (Due(known, error.Error) is not { } times)
            return;
        await using var session = module.Store.BatchSession();
        session.Append(home.StoreTenant, Refusals.Key, new AuditEvent.TokenRefused(known, grant is not null && Grants.Contains(grant) ? grant : null, error.Error, times, module.Clock.GetUtcNow()));
        await session.SaveChangesAsync(cancel);
    }

    private async Task<(string? Client, Home Home)> OfAsync(string? client, CancellationToken cancel)
    {
        if (client is AgentClient.Id)
            return (client, Home.Platform);
        if (client is not { Length: > 0 and <= 200 })
            return (null, Home.Platform);
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        return (await session.Events.FetchForWriting<Client>(Client.Key(client), cancel)).Aggregate switch
        {
            { Standing: { } standing } => (client, new(standing.Provider, standing.Tenant)),
            { RedirectUris: not null } => (client, Home.Platform),
            _ => (null, Home.Platform),
        };
    }

    private int? Due(string? client, string error)
    {
        lock (_gate)
        {
            var now = module.Clock.GetUtcNow();
            var (written, since) = _told.GetValueOrDefault((client, error), (DateTimeOffset.MinValue, 0));
            var due = now - written >= Between;
            _told[(client, error)] = due ? (now, 0) : (written, since + 1);
            return due ? since + 1 : null;
        }
    }
}
