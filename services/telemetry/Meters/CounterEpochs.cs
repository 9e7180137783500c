using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Meters;

/// <summary>The epochs that start with one reading.</summary>
public sealed record EpochsRow(string DeviceId, Guid ReadingId, DateTimeOffset At, IReadOnlyList<EpochStart> Starts, IReadOnlyList<string> Signs);

/// <summary>One row per reading that starts epochs; keys as readings' judgements have them.</summary>
public static class CounterEpochs
{
    public static readonly View<EpochsRow> View = new("counter_epochs", version: 1, e => Told(e).Select(started => Key(e, started)), Evolve);

    // A reading of which it is said that it starts none any more has no row.
    public static EpochsRow? Evolve(EpochsRow? row, IEvent e, string key) => Told(e).SingleOrDefault(started => Key(e, started) == key) switch
    {
        null => row,
        { Starts.Count: 0 } => null,
        var started => new(Device.IdOf(e), started.ReadingId, started.At, started.Starts, started.Signs ?? []),
    };

    public static Task<IReadOnlyList<EpochsRow>> OfAsync(QuerySession session, string tenant, string device, CancellationToken cancel) =>
        session.QueryAsync<EpochsRow>("where tenant_id = @tenant and key >= @first and key < @end order by key", new { tenant, first = $"{device}/", end = $"{device}0" }, cancel);

    private static IReadOnlyList<MeterEvent.EpochsStarted> Told(IEvent e) => e.Data switch
    {
        MeterEvent.EpochsStarted started => [started],
        MeterEvent.Restated restated => restated.Epochs,
        _ => [],
    };

    private static string Key(IEvent e, MeterEvent.EpochsStarted started) => ReadingJudgements.Key(Device.IdOf(e), started.At, started.ReadingId);
}

/// <summary>A span of a counter within which it only grows, with the evidence of its beginning.</summary>
/// <param name="Epoch">From 1, in the order of observation.</param>
/// <param name="Reason"><c>first</c>, <c>wrap</c>, <c>reset</c>, <c>board-swap</c>, <c>device-swap</c>, <c>decrease</c>, <c>jump</c> or <c>source</c>.</param>
/// <param name="StartedAt">When its first reading was observed.</param>
/// <param name="ReadingId">Its first reading.</param>
/// <param name="Value">Count of its first reading.</param>
/// <param name="Before">The last count of the epoch before; null for the first.</param>
/// <param name="Bridged">Pages known to lie between the two: over a wrap; over any other edge none are proven.</param>
/// <param name="Signs">What else was another in that reading: <c>serial</c>, <c>mac</c>; <c>together</c> when several counters broke at once.</param>
/// <param name="Pages">Of the whole epoch, without what is bridged; null while it lasts.</param>
public sealed record CounterEpoch(
    string Counter, int Epoch, string Reason, DateTimeOffset StartedAt, Guid ReadingId, long Value, ReadCount? Before, long Bridged, IReadOnlyList<string> Signs, long? Pages)
{
    public static IReadOnlyList<CounterEpoch> Of(IReadOnlyList<EpochsRow> rows) =>
    [
        .. from started in rows.SelectMany(row => row.Starts.Select(start => (Row: row, Start: start)))
           group started by started.Start.Counter into counter
           orderby counter.Key
           from epoch in counter.Zip(counter.Skip(1).Select(next => (long?)next.Start.Before!.Value).Append(null)).Select((pair, i) => new CounterEpoch(
               counter.Key, i + 1, pair.First.Start.Reason, pair.First.Row.At, pair.First.Row.ReadingId, pair.First.Start.Value, pair.First.Start.Before,
               pair.First.Start.Bridged ?? 0, pair.First.Row.Signs, pair.Second - pair.First.Start.Value))
           select epoch,
    ];
}

public static class CounterEpochRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/epochs", async (string t, string id, CancellationToken cancel) =>
        {
            await using var session = module.Store.QuerySession(t);
            return await session.LoadAsync<DeviceRow>(t, id, cancel) is null
                ? DeviceRoutes.Unknown(id).ToResult()
                : Results.Ok(new Page<CounterEpoch>(CounterEpoch.Of(await CounterEpochs.OfAsync(session, t, id, cancel)), null));
        }).Produces<Page<CounterEpoch>>().Requires(Right.ReadMeters).WithName("ListCounterEpochs").WithSummary("When and why each of a device's counters began to count anew, with the evidence, all on one page");
}
