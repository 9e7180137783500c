// held_batch, those that have waited long enough -> stream agent/{site}/{agent}: refused, unknown key
using Fleet.Defaults;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Edge;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Telemetry.Held;

/// <summary>Nobody let the agent in that signed with this key: its batches are forged, counted as such, and gone. Each replica does so; a row is one's alone.</summary>
public sealed class DropHeld(ModuleContext module) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = module.Logs.CreateLogger<DropHeld>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var turns = new PeriodicTimer(Every, module.Clock);
        try
        {
            while (await turns.WaitForNextTickAsync(stoppingToken))
                try
                {
                    while (await DropAsync(stoppingToken) > 0)
                        _log.LogInformation("Batches under keys nobody was let in with have waited for {Longest}: refused", HeldBatches.Longest);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    _log.LogWarning(e, "What has waited too long stays until the next turn");
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <returns>How many were refused.</returns>
    public async Task<int> DropAsync(CancellationToken cancel)
    {
        var now = module.Clock.GetUtcNow();
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        var late = (await HeldBatches.TakeOlderAsync(session, now - HeldBatches.Longest, cancel)).Select(ReadBatch.Read).ToList();
        foreach (var batch in late)
            session.Append(batch.Tenant!, Agent.StreamKey(batch.AgentKey), [.. KeepSequence.Forged(batch, Refusals.UnknownKey, now)]);
        await session.SaveChangesAsync(cancel);
        return late.Count;
    }
}
