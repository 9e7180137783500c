// ended_logins, those whose tokens may still hold -> their connections at the broker -> closed, again and again until no token holds
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Identity.Agents;

/// <summary>
/// A revoked agent holds a token that the broker takes for up to twenty minutes. Until then its connections are closed every ten seconds, and those it opens anew, too.
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
        foreach (var login in await TriedAsync("which agents were revoked", () => EndedAsync(stop), stop) ?? [])
            if (await TriedAsync("connections of a revoked agent", () => broker.CloseAsync(login, stop), stop) is > 0 and var closed)
                _log.LogInformation("{Closed} connections of {Login} closed: it was revoked", closed, login);
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
    private async Task<IReadOnlyList<string>> EndedAsync(CancellationToken stop)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(stop);
        await using var ended = new NpgsqlCommand($"select login from {EndedLogins.View.Name} where ended_at > $1 order by login", session.Connection, session.Transaction)
        { Parameters = { new() { Value = module.Clock.GetUtcNow() - TokensHold } } };
        await using var reader = await ended.ExecuteReaderAsync(stop);
        var logins = new List<string>();
        while (await reader.ReadAsync(stop))
            logins.Add(reader.GetString(0));
        return logins;
    }
}
