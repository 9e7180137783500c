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

    private async Task CloseAsync(BrokerConnections broker, CancellationToken stop)
    {
        try
        {
            foreach (var login in await EndedAsync(stop))
                if (await broker.CloseAsync(login, stop) is > 0 and var closed)
                    _log.LogInformation("{Closed} connections of {Login} closed: it was revoked", closed, login);
        }
        catch (Exception e) when (e is HttpRequestException or NpgsqlException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            _log.LogWarning("Connections of revoked agents could not be looked for: {Reason}", e.Message);
        }
    }

    // Whosever they are: it is no tenant's question.
    private async Task<IReadOnlyList<string>> EndedAsync(CancellationToken stop)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(stop);
        await using var ended = new NpgsqlCommand($"select login from {EndedLogins.View.Name} where ended_at > $1", session.Connection, session.Transaction)
        { Parameters = { new() { Value = module.Clock.GetUtcNow() - TokensHold } } };
        await using var reader = await ended.ExecuteReaderAsync(stop);
        var logins = new List<string>();
        while (await reader.ReadAsync(stop))
            logins.Add(reader.GetString(0));
        return logins;
    }
}
