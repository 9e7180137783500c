using System.Globalization;
using System.Net;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Printers;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Snmp;

namespace Fleet.Backfill;

// virtual printers at a stepped clock -> SNMP -> probe, normalise, changes, batch -> spool -> broker: the agent's own path, only in the past

/// <summary>Which past, and whose printers.</summary>
/// <param name="Seed">Null takes the manifest's word.</param>
/// <param name="Every">Step between two visits.</param>
public sealed record Past(long? Seed, DateTimeOffset From, DateTimeOffset To, TimeSpan Every);

/// <summary>Gives a demo its history; a live agent takes up the sequence where this ends.</summary>
public static class LivePast
{
    private const int AtOnce = 64;

    /// <returns>Events made.</returns>
    /// <exception cref="ConfigException">The manifest was made with another seed.</exception>
    public static async Task<long> RunAsync(AgentConfig config, Spool spool, IReadOnlyList<ManifestEntry> manifest, Past past, Surroundings around, CancellationToken stop)
    {
        var clock = new SteppedClock(past.From);
        var mine = Mine(config, manifest, past.Seed);
        if (mine.Count == 0) return 0;
        await using var printers = await RunningPrinters.StartAsync([.. mine.Select(one => one.Printer)], port: 0, clock);
        // Asked at the spare port, remembered under the one the live agent asks at.
        var targets = mine.Select(one => Target.Of(new(one.Entry.Address, one.Entry.Port, one.Entry.Community), spool.Salt, printers.Port)).ToList();

        using var snmp = new SnmpClient(Probe.Asking, around.Clock, around.FreshRandom());
        var trust = ServerTrust.From(config.Broker.CaFile);
        using var http = TokenSource.Http(trust, config.Proxy);
        using var tokens = new TokenSource(config, http, around.Clock, around.Log, spool.Key);
        var grants = AgentRun.Grants(config, http, tokens, new(spool, around.Clock, around.Log), around);
        await grants.RenewAsync(stop);
        if (grants.Now is null) throw new ConfigException("no grant opens anything: the past of a site that consents to nothing is not told");
        var visitor = new VisitPrinter(new(snmp, Profiles.BuiltIn), spool.Salt, () => grants.Now, around.Clock, around.Log);
        var intake = new Intake(config, spool, clock, around.Fill, around.Log);
        using var transcript = AgentRun.OpenTranscript(config, around);
        using var publisher = AgentRun.Publisher(config, spool, tokens, trust, transcript, around);

        var before = spool.Tally.Accepted;
        for (var at = past.From; at <= past.To; at += past.Every)
        {
            clock.Set(at);
            await VisitAllAsync(targets, visitor, intake, at, stop);
            intake.Flush();
        }
        var made = spool.Tally.Accepted - before;
        around.Log.Info(string.Create(CultureInfo.InvariantCulture, $"{targets.Count} printers seen from {past.From:yyyy-MM-dd} to {past.To:yyyy-MM-dd}: {made} events"));
        await publisher.RunAsync(untilEmpty: true, stop);
        return made;
    }

    private static async Task VisitAllAsync(IReadOnlyList<Target> targets, VisitPrinter visitor, Intake intake, DateTimeOffset at, CancellationToken stop)
    {
        foreach (var group in targets.Chunk(AtOnce))
            foreach (var found in await Task.WhenAll(group.Select(target => visitor.AskAsync(target, Look.Everything, stop))))
                if (found.Observed is { } observed) intake.Take(observed, metersDue: true, at, found.GrantId);
    }

    private static List<(PlacedPrinter Printer, ManifestEntry Entry)> Mine(AgentConfig config, IReadOnlyList<ManifestEntry> manifest, long? seed)
    {
        var mine = manifest.Select((entry, number) => (entry, number)).Where(one => one.entry.Tenant == config.Tenant)
            .Select(one => (Printer: new PlacedPrinter(one.entry.Tenant, IPAddress.Parse(one.entry.Address), new(seed ?? one.entry.Seed, one.number)), Entry: one.entry)).ToList();
        if (mine.Find(one => one.Printer.Printer.Serial != one.Entry.Serial).Entry is { } other) throw new ConfigException($"--seed: printer {other.Serial} of the manifest does not come from this seed");
        return mine;
    }
}
