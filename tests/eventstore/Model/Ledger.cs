using System.Collections.Concurrent;

namespace Fleet.EventStore.Tests.Model;

/// <summary>One unit of work as somebody tried it: which events, by id.</summary>
public sealed record Attempt(string? ClaimKey, IReadOnlyList<(string Tenant, string Stream, Guid Id)> Events);

/// <summary>Attempted, acknowledged, observed: what writers and readers saw, against what is stored.</summary>
public sealed class Ledger
{
    private readonly ConcurrentQueue<Attempt> attempted = [];
    private readonly ConcurrentDictionary<Attempt, bool> acknowledged = [];
    private readonly ConcurrentQueue<long> delivered = [];

    public int Acknowledged => acknowledged.Count;

    public void Attempted(Attempt attempt) => attempted.Enqueue(attempt);
    public void Acknowledge(Attempt attempt) => acknowledged[attempt] = true;
    public void Delivered(IReadOnlyList<IEvent> page) { lock (delivered) foreach (var e in page) delivered.Enqueue(e.Sequence); }

    /// <summary>Every sentence is something that must not be.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync(DocumentStore store, int foreign)
    {
        var stored = await store.ReadAllAsync(0, int.MaxValue / 2);
        var violations = new List<string>();
        Stored(stored, foreign, violations);
        Streams(stored, violations);
        Delivery(stored, violations);
        await ViewsAsync(store, stored, violations);
        return violations;
    }

    private void Stored(IReadOnlyList<IEvent> stored, int foreign, List<string> violations)
    {
        var count = stored.GroupBy(e => e.Id).ToDictionary(g => g.Key, g => g.Count());
        violations.AddRange(count.Where(c => c.Value > 1).Select(c => $"event {c.Key} is stored {c.Value} times"));
        foreach (var attempt in attempted)
        {
            var present = attempt.Events.Count(e => count.ContainsKey(e.Id));
            if (present != 0 && present != attempt.Events.Count) violations.Add($"half a unit of work: {present} of {attempt.Events.Count} events");
            if (acknowledged.ContainsKey(attempt) && present == 0) violations.Add("an acknowledged append is lost");
        }
        foreach (var claim in attempted.Where(a => a.ClaimKey is not null).GroupBy(a => a.ClaimKey))
            if (claim.Count(a => count.ContainsKey(a.Events[0].Id)) > 1) violations.Add($"the message {claim.Key} was taken twice");
        var own = attempted.SelectMany(a => a.Events).Select(e => e.Id).ToHashSet();
        if (count.Keys.Count(id => !own.Contains(id)) is var others && others != foreign) violations.Add($"{others} events of others instead of {foreign}");
    }

    private static void Streams(IReadOnlyList<IEvent> stored, List<string> violations)
    {
        foreach (var stream in stored.GroupBy(e => (e.TenantId, e.StreamKey)))
            if (!stream.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, stream.Count()).Select(n => (long)n)))
                violations.Add($"{stream.Key}: versions {string.Join(' ', stream.Select(e => e.Version))}");
    }

    private void Delivery(IReadOnlyList<IEvent> stored, List<string> violations)
    {
        var firstSeen = delivered.Distinct().ToArray();
        if (!firstSeen.SequenceEqual(stored.Select(e => e.Sequence)))
            violations.Add($"the subscription saw {firstSeen.Length} events of {stored.Count}, in order: {firstSeen.Order().SequenceEqual(firstSeen)}");
    }

    private static async Task ViewsAsync(DocumentStore store, IReadOnlyList<IEvent> stored, List<string> violations)
    {
        await using var query = store.QuerySession("acme", "globex");
        var rows = (await query.QueryKeyedAsync<PrinterRow>()).ToDictionary(r => (r.TenantId, r.Key), r => (r.Row.Events, r.Row.Pages));
        var expected = stored.GroupBy(e => (e.TenantId, e.StreamKey)).ToDictionary(
            g => g.Key, g => (Events: g.Count(), Pages: g.Sum(e => (e.Data as PrinterEvent.Printed)?.Pages ?? 0)));
        foreach (var (key, state) in expected)
            if (!rows.TryGetValue(key, out var row) || row != state) violations.Add($"view at {key}: {rows.GetValueOrDefault(key)} instead of {state}");
        if (rows.Count != expected.Count) violations.Add($"view has {rows.Count} rows for {expected.Count} streams");
        var prints = await query.ScalarAsync<long>("select count(*) from {prints}");
        if (prints != stored.Count(e => e.Data is PrinterEvent.Printed)) violations.Add($"the append-only view has {prints} rows");
        foreach (var tenant in new[] { "acme", "globex" })
            if ((await query.LoadAsync<CountRow>(tenant, "all"))?.Events is var counted && counted != stored.Count(e => e.TenantId == tenant))
                violations.Add($"the inline view counts {counted} events of {tenant} instead of {stored.Count(e => e.TenantId == tenant)}");
    }
}
