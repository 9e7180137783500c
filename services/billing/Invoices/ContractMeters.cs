using Fleet.Billing.Consents;
using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;
using Fleet.EventStore;

namespace Fleet.Billing.Invoices;

/// <summary>The meters of a contract with everything a close of one period may look at.</summary>
internal sealed record ContractMeters(
    IReadOnlyDictionary<string, EventStream<Meter>> Streams, IReadOnlyList<MeterHistory> Histories, BillingConsent Consent)
{
    public static readonly ContractMeters None = new(new Dictionary<string, EventStream<Meter>>(), [], BillingConsent.None);

    public static async Task<ContractMeters> LoadAsync(
        DocumentStore store, BatchSession batch, string tenant, Terms terms, Period period, Invoice before, CancellationToken cancel)
    {
        await using var session = store.QuerySession(tenant);
        var known = await session.QueryAsync<MeterRow>("", null, cancel);
        var covered = terms.Devices.Among(known.Select(row => row.DeviceId).Distinct()).ToHashSet(StringComparer.Ordinal);
        // Counters no charge reads stay in: which ones a device has decides how it is read.
        var rows = known.Where(row => covered.Contains(row.DeviceId)).ToList();

        // Versions first, readings second: a reading in between moves its stream, and the append is refused.
        var streams = (await batch.FetchForWriting<Meter>([.. rows.Select(row => (tenant, Meter.Key(row.DeviceId, row.Counter)))], cancel)).ToDictionary(s => s.Key);
        var window = ClosePeriod.WindowOf(terms, period, before);
        var from = streams.Values.SelectMany(s => s.Aggregate.Billed).Select(span => span.To.ObservedAt)
            .Where(to => to >= window.Oldest && to <= window.To).Append(window.From - window.Tolerance).Min();
        var readings = (await session.QueryAsync<MeterReadingRow>(
                "where observed_at >= @from and observed_at <= @to and counter = any (@counters) and device_id = any (@devices) order by observed_at",
                new { from = from.AddSeconds(-1), to = window.To.AddSeconds(1), counters = Read(terms), devices = covered.ToArray() }, cancel))
            .ToLookup(row => Meter.Key(row.DeviceId, row.Counter), row => row.Reading);

        var consent = (await batch.FetchForWriting<BillingConsent>([(tenant, BillingConsent.Key(tenant))], cancel))[0].Aggregate;
        return new(streams, [.. rows.Select(row => new MeterHistory(
            row.DeviceId, row.Counter, [.. readings[Meter.Key(row.DeviceId, row.Counter)].OrderBy(r => r.ObservedAt)],
            streams[Meter.Key(row.DeviceId, row.Counter)].Aggregate.Billed))], consent);
    }

    private static string[] Read(Terms terms) =>
        [.. terms.Charges.SelectMany(c => c.ReadFrom).SelectMany(sum => CounterSum.Parse(sum)!.Counters).Distinct()];
}
