using System.Globalization;

namespace Fleet.EventStore.Tests.Tenants;

/// <summary>Random histories, moved from store to store: what comes out again is what went in, and views are what all events make of them.</summary>
public class MovedTenantTests
{
    private static readonly string[] Texts = ["", "Müller & Söhne", "\"quoted\" \\ back\\\\slash", "tab\tline\nfeed", "日本 🖨", "[1,2]", "null", "{}", "a'b--c;"];

    [Test]
    public async Task Exported_imported_and_exported_again_is_the_same([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        await using var from = await Stores.NewAsync([Printers.View(), Printers.Counts], snapshot: seed % 2 == 0);
        await using var to = await Stores.NewAsync([Printers.View(), Printers.Counts], snapshot: seed % 3 == 0);
        await LiveAsync(from, random, "mover");
        await LiveAsync(to, random, "local");
        await using var there = from.BuildProjectionDaemon();
        await there.StartAllAsync();
        await using var here = to.BuildProjectionDaemon();
        await here.StartAllAsync();

        var exported = await ReadAsync(from, "mover");
        await WriteAsync(to, "mover", exported.Lines);
        var again = await ReadAsync(to, "mover");
        Assert.That((again.Lines, again.Views), Is.EqualTo((exported.Lines, exported.Views)).Using<(List<(string, string)>, string)>((a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2), $"seed {seed}");

        // Both live on; then every view, built anew from all events, is what it was.
        await LiveAsync(to, random, "mover");
        await LiveAsync(to, random, "local");
        await here.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        foreach (var tenant in new[] { "mover", "local" })
        {
            var followed = (await ReadAsync(to, tenant)).Views;
            foreach (var view in new[] { "printers", "counts" }) await here.RebuildProjectionAsync(view);
            Assert.That((await ReadAsync(to, tenant)).Views, Is.EqualTo(followed), $"{tenant}, seed {seed}");
        }
    }

    [Test]
    public async Task A_subscription_hears_what_happens_here_and_not_what_came_along()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<(string, long)>();
        await using var from = await Stores.NewAsync();
        await using var to = await Stores.NewAsync(subscriptions: [new("hear", (page, _) => { foreach (var e in page) heard.Enqueue((e.TenantId, ((PrinterEvent.Printed)e.Data).Pages)); return Task.CompletedTask; })]);
        await from.AppendAsync("mover", "printer/a", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        await to.AppendAsync("local", "printer/a", new PrinterEvent.Printed(3));
        await WriteAsync(to, "mover", (await ReadAsync(from, "mover")).Lines);
        await to.AppendAsync("mover", "printer/a", new PrinterEvent.Printed(4));
        await using var daemon = to.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(heard, Is.EqualTo(new[] { ("local", 3L), ("mover", 4L) }));

        // The twin: without the note of its arrival, it would have heard all four.
        await Server.SqlAsync<object>($"delete from {to.Options.Schema}.fleet_arrival; update {to.Options.Schema}.mt_event_progression set last_seq_id = 0 where name = 'fleet-subscription/hear'");
        await daemon.StopAllAsync();
        await using var deaf = to.BuildProjectionDaemon();
        await deaf.StartAllAsync();
        await deaf.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(heard.Skip(2), Is.EqualTo(new[] { ("local", 3L), ("mover", 1L), ("mover", 2L), ("mover", 4L) }));
    }

    [TestCase("a version missing", 1)]
    [TestCase("a stream missing", 0)]
    public async Task A_history_with_a_hole_is_refused_and_leaves_nothing(string what, int section)
    {
        await using var from = await Stores.NewAsync();
        await using var to = await Stores.NewAsync();
        await from.AppendAsync("mover", "printer/a", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        var lines = (await ReadAsync(from, "mover")).Lines;
        lines.Remove(lines.First(line => line.Section == (section == 0 ? "streams" : "events")));
        Assert.ThrowsAsync<InvalidDataException>(() => WriteAsync(to, "mover", lines), what);
        Assert.That(await Server.SqlAsync<long>($"select count(*) from {to.Options.Schema}.mt_streams"), Is.Zero);
    }

    [Test]
    public async Task Of_a_tenant_that_has_left_nothing_can_be_appended()
    {
        await using var store = await Stores.NewAsync();
        await store.AppendAsync("mover", "printer/a", new PrinterEvent.Printed(1));
        await using (var removal = await TenantRemoval.OpenAsync(store, "mover"))
        {
            await removal.RemoveAsync(new("mover", "us", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "signed"));
            await removal.CommitAsync();
        }
        Assert.ThrowsAsync<TenantLeftException>(() => store.AppendAsync("mover", "printer/a", new PrinterEvent.Printed(2)));
        Assert.That(await Server.SqlAsync<long>($"select count(*) from {store.Options.Schema}.mt_events"), Is.Zero);
        await store.AppendAsync("local", "printer/a", new PrinterEvent.Printed(2)); // the twin: everybody else can
    }

    private static async Task LiveAsync(DocumentStore store, Random random, string tenant)
    {
        for (var step = random.Next(3, 25); step > 0; step--)
        {
            await using var session = store.LightweightSession(tenant);
            if (random.Next(3) == 0) session.SetHeader("why", Texts[random.Next(Texts.Length)]);
            if (random.Next(4) == 0) session.CorrelationId = Texts[random.Next(Texts.Length)];
            foreach (var printer in Enumerable.Range(0, random.Next(1, 4)))
                session.Events.Append($"printer/{(char)('a' + random.Next(5))}-Ä_%", [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Any(random))]);
            await session.SaveChangesAsync();
        }
        await using var claims = store.BatchSession();
        await claims.ClaimAsync("edge", [$"{tenant}/{random.Next()}", random.Next().ToString(CultureInfo.InvariantCulture)]);
        await claims.SaveChangesAsync();
    }

    private static object Any(Random random) => random.Next(3) switch
    {
        0 => new PrinterEvent.Seen(Texts[random.Next(Texts.Length)], DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(long.MaxValue / 4))),
        1 => new PrinterEvent.Printed(random.NextInt64(1_000_000)),
        _ => new PrinterEvent.Named(random.Next(2) == 0 ? null : Texts[random.Next(Texts.Length)]),
    };

    private static async Task<(List<(string Section, string Line)> Lines, string Views)> ReadAsync(DocumentStore store, string tenant)
    {
        await using var reader = await TenantReader.OpenAsync(store, tenant, TimeSpan.FromSeconds(20));
        var lines = new List<(string, string)>();
        foreach (var section in await reader.SectionsAsync())
            await foreach (var line in reader.LinesAsync(section)) lines.Add((section, line));
        return (lines, string.Join('\n', await reader.HashViewsAsync()));
    }

    private static async Task WriteAsync(DocumentStore store, string tenant, List<(string Section, string Line)> lines)
    {
        await using var writer = await TenantWriter.OpenAsync(store, tenant);
        string[] sections = [.. lines.Select(line => line.Section).Distinct()];
        foreach (var section in sections) await writer.StageAsync(section, lines.Where(line => line.Section == section).Select(line => line.Line).ToAsyncEnumerable());
        await writer.ApplyAsync(sections, "an export");
        await writer.CommitAsync();
    }
}
