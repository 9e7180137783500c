// POST /oauth/token refused -> RefusedTokens: at once, and each minute what was counted since -> stream audit/refusals of its house
using System.Runtime.CompilerServices;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Clients;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Identity.Audit;

/// <summary>Keeps who was refused a token, and why. The first refusal is written at once; those that follow within a minute are counted, and told with the next one, when the minute is over, or at the stop.</summary>
public sealed class RecordRefusals(ModuleContext module) : BackgroundService
{
    private static readonly HashSet<string> Worth = ["invalid_client", "invalid_grant", "invalid_scope", "invalid_dpop_proof"];

    private static readonly HashSet<string> Grants = [TokenRequest.ClientCredentials, TokenRequest.AuthorizationCode, AgentClient.DeviceCode, AgentClient.RefreshToken];

    // One for the route that refuses and for the background that writes what was counted.
    private static readonly ConditionalWeakTable<ModuleContext, RecordRefusals> OfModules = [];

    private readonly RefusedTokens _refused = new();

    public static RecordRefusals Of(ModuleContext module) => OfModules.GetValue(module, one => new(one));

    /// <param name="client">As it called itself.</param>
    public async Task AddAsync(string? client, string? grant, TokenError error, CancellationToken cancel)
    {
        if (!Worth.Contains(error.Error))
            return;
        var (known, home) = await OfAsync(client, cancel);
        if (_refused.Add(new(known, home, grant is not null && Grants.Contains(grant) ? grant : null, error.Error), module.Clock.GetUtcNow()) is var (refused, times))
            await WriteAsync(refused, times, cancel);
    }

    /// <summary>No token is asked for any more: what was counted is written now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteLeftAsync(all: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = module.Logs.CreateLogger<RecordRefusals>();
        while (true)
            try
            {
                await Task.Delay(TimeSpan.FromMinutes(1), module.Clock, stoppingToken);
                await WriteLeftAsync(all: false, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Refused tokens could not be written; they are counted on");
            }
    }

    private async Task WriteLeftAsync(bool all, CancellationToken cancel)
    {
        var left = new Queue<(RefusedToken Refused, int Times)>(_refused.Left(module.Clock.GetUtcNow(), all));
        try
        {
            while (left.TryPeek(out var next))
            {
                left.Dequeue();
                await WriteAsync(next.Refused, next.Times, cancel);
            }
        }
        finally
        {
            foreach (var (refused, times) in left)
                _refused.Return(refused, times);
        }
    }

    private async Task WriteAsync(RefusedToken refused, int times, CancellationToken cancel)
    {
        // Nothing is written of a tenant on its way to another region: what it leaves with is exported already.
        if (refused.Home.Tenant is { } tenant && await module.Store.Departures.FindAsync(tenant, cancel) is not null)
            refused = refused with { Home = Home.Platform };
        await using var session = module.Store.BatchSession();
        session.Append(refused.Home.StoreTenant, Refusals.Key, new AuditEvent.TokenRefused(refused.Client, refused.Grant, refused.Error, times, module.Clock.GetUtcNow()));
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (TenantLeftException)
        {
            // On its way to another region: nothing more is written of it here, and its client is refused as before.
        }
        catch
        {
            _refused.Return(refused, times);
            throw;
        }
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
}
