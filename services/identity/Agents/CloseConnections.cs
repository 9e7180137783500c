// ended_logins and the agents of tenants that were closed, those whose tokens may still hold -> their connections at the broker -> closed, again and again until no token holds
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.OAuth;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Identity.Agents;

/// <summary>
/// An agent that is revoked, or whose tenant is on its way to another region, holds a token that the broker takes for up to twenty minutes. Until then its connections are closed every ten seconds, and those it opens anew, too.
/// Each replica does so: closing what is closed does no harm.
/// </summary>
public sealed class CloseConnections(ModuleContext module, BrokerConnections? broker) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // A verifier's clock may be a minute behind.
    private static readonly TimeSpan TokensHold = AccessTokens.Life + TimeSpan.FromMinutes(1);

    private readonly ILogger _log = module.Logs.CreateLogger<CloseConnections>();

    public static CloseConnections Of(ModuleContext module) => new(module, BrokerConnections.Of(module));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (broker is null)
        {
            _log.LogWarning("{Setting} is not set: a revoked agent keeps its connection until its token ends", BrokerConnections.Setting);
            return;
        }
        using var turns = new PeriodicTimer(Every, module.Clock);
        try
        {
            do
            {
                await CloseAsync(broker, stoppingToken);
            }
            while (await turns.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One turn. Whatever goes wrong with one login is said and keeps nobody from the others, nor this from its next turn.</summary>
    public async Task CloseAsync(BrokerConnections broker, CancellationToken stop)
    {
        foreach (var (login, why) in await TriedAsync("which agents were revoked or are of a closed tenant", () => EndedAsync(stop), stop) ?? [])
            if (await TriedAsync("connections of such an agent", () => broker.CloseAsync(login, why, stop), stop) is > 0 and var closed)
                _log.LogInformation("{Closed} connections of {Login} closed: {Why}", closed, login, why);
    }

    private async Task<T?> TriedAsync<T>(string what, Func<Task<T>> look, CancellationToken stop)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            _log.LogWarning("Could not look for {What}; it is tried again in {Seconds} s: {Kind}, {Reason}", what, Every.TotalSeconds, e.GetType().Name, e.Message);
            return default;
        }
    }

    // Whosever they are: it is no tenant's question.
    private async Task<IReadOnlyList<(string Name, string Why)>> EndedAsync(CancellationToken stop)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(stop);
        var since = module.Clock.GetUtcNow() - TokensHold;
        var revoked = await ReadAsync(session, $"select login from {EndedLogins.View.Name} where ended_at > $1 order by login", stop, since);
        var closed = await ReadAsync(session, "select tenant_id from fleet_departure where left_at is null and closed_at > $1 and region <> $2", stop, since, module.Regions.Here);
        return [.. revoked.Select(login => (login, "its enrolment was revoked")), .. (await TenantAgent.OfAsync(session, closed, stop)).Select(agent => (agent.Login, "its tenant is being moved to another region"))];
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(BatchSession session, string sql, CancellationToken stop, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, session.Connection, session.Transaction);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var texts = new List<string>();
        while (await reader.ReadAsync(stop))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
