using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Telemetry.Silence;

// each minute, in one instance: agents, device_presence past their deadline -> CallSilent -> streams agent/{site}/{agent}, device/{id}
/// <summary>Calls silent who should have spoken. It looks only while messages can come in, and knows from a row when that was not so.</summary>
public sealed class WatchSilence(ModuleContext module) : BackgroundService
{
    // One look; the next one takes on where there are more.
    private const int Most = 2000;

    /// <summary>One row: when it was last looked, and since when without a gap.</summary>
    public const string Table =
        """
        create table if not exists silence_watch (one boolean primary key default true check (one), looked_at timestamptz not null, since timestamptz not null)
        """;

    private readonly Deadlines _deadlines = Deadlines.Read(module.Settings);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = module.Logs.CreateLogger<WatchSilence>();
        while (true)
            try
            {
                await Task.Delay(_deadlines.Every, module.Clock, stoppingToken);
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ConcurrencyException)
            {
                // Somebody spoke at this very moment; it is looked again.
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Who fell silent could not be found out; it is tried again");
            }
    }

    /// <summary>One look. Does nothing while no messages can come in, or when another instance is looking.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        if (!module.Hears())
            return;
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        if (!await IsFirstAsync(session, cancel))
            return;
        var now = module.Clock.GetUtcNow();
        var since = await ListeningSinceAsync(session, now, cancel);
        var agents = await HeardAgents.LoadAsync(session, cancel);
        if (now >= since + _deadlines.Agent)
            await CallAgentsAsync(session, agents, now, cancel);
        if (now >= since + _deadlines.CatchUp)
            await CallDevicesAsync(session, agents, now, cancel);
        await session.SaveChangesAsync(cancel);
    }

    private static async Task<bool> IsFirstAsync(BatchSession session, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_xact_lock(hashtext('telemetry silence'), 0)", session.Connection, session.Transaction);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<DateTimeOffset> ListeningSinceAsync(BatchSession session, DateTimeOffset now, CancellationToken cancel)
    {
        (DateTimeOffset At, DateTimeOffset Since)? looked = null;
        await using (var select = new NpgsqlCommand("select looked_at, since from silence_watch", session.Connection, session.Transaction))
        await using (var row = await select.ExecuteReaderAsync(cancel))
            if (await row.ReadAsync(cancel))
                looked = (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1));
        var since = _deadlines.ListeningSince(looked?.At, looked?.Since ?? now, now);
        await using var update = new NpgsqlCommand(
            "insert into silence_watch (looked_at, since) values ($1, $2) on conflict (one) do update set looked_at = excluded.looked_at, since = excluded.since",
            session.Connection, session.Transaction)
        { Parameters = { new() { Value = now.ToUniversalTime() }, new() { Value = since.ToUniversalTime() } } };
        await update.ExecuteNonQueryAsync(cancel);
        return since;
    }

    private async Task CallAgentsAsync(BatchSession session, HeardAgents agents, DateTimeOffset now, CancellationToken cancel)
    {
        var late = agents.NotHeardSince(now - _deadlines.Agent).Take(Most).ToList();
        var streams = await session.FetchForWriting<Agent>([.. late.Select(a => (a.TenantId, Agent.StreamKey(a.Key)))], cancel);
        foreach (var (one, stream) in late.Zip(streams))
            stream.AppendMany(CallSilent.Decide(stream.Aggregate, agents.Speaks(one.TenantId, one.Site, now - _deadlines.Agent), _deadlines, now));
    }

    private async Task CallDevicesAsync(BatchSession session, HeardAgents agents, DateTimeOffset now, CancellationToken cancel)
    {
        var late = await Presences.LateAsync(session, now - _deadlines.Device, Most, cancel);
        var streams = await session.FetchForWriting<Device>([.. late.Select(d => (d.Device.TenantId, Device.StreamKey(d.Device.Id)))], cancel);
        foreach (var ((device, seenAt), stream) in late.Zip(streams))
            stream.AppendMany(CallSilent.Decide(
                stream.Aggregate, seenAt, stream.Aggregate.Card is { } card && agents.Speaks(device.TenantId, card.SiteId, now - _deadlines.Agent), _deadlines, now));
        await Presences.CalledAsync(session, [.. late.Select(d => d.Device)], now, cancel);
    }
}
