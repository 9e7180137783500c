namespace Fleet.EventStore.Tests.Surface;

public class BatchTests
{
    private DocumentStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => store = await Stores.NewAsync(snapshot: true);

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task Claims_streams_and_side_rows_of_many_tenants_are_one_transaction()
    {
        await Server.SqlAsync<object>($"create table {store.Options.Schema}.side (n int); grant all on {store.Options.Schema}.side to public");
        await using var batch = store.BatchSession();
        Assert.That(await batch.ClaimAsync("bus", ["m1", "m2"]), Is.EquivalentTo(new[] { "m1", "m2" }));
        var streams = await batch.FetchForWriting<Printer>([("acme", "printer/a"), ("globex", "printer/a"), ("acme", "printer/b")]);
        foreach (var stream in streams) stream.AppendMany([.. Enumerable.Range(1, 5).Select(n => new PrinterEvent.Printed(n))]);
        await using (var command = new Npgsql.NpgsqlCommand("insert into side values (1)", batch.Connection, batch.Transaction)) await command.ExecuteNonQueryAsync();
        await batch.SaveChangesAsync();

        await using var again = store.BatchSession();
        Assert.That(await again.ClaimAsync("bus", ["m2", "m3"]), Is.EquivalentTo(new[] { "m3" }));
        var fetched = await again.FetchForWriting<Printer>([("globex", "printer/a"), ("acme", "printer/none")]);
        Assert.That(fetched.Select(s => (s.TenantId, s.Key, s.Aggregate.Pages, s.StartingVersion)), Is.EqualTo(new[] { ("globex", "printer/a", 15L, 5L), ("acme", "printer/none", 0L, 0L) }));
        Assert.That(await Server.SqlAsync<long>($"select count(*) from {store.Options.Schema}.side"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_claim_dies_with_a_transaction_that_does_not_commit()
    {
        await using (var batch = store.BatchSession())
        {
            await batch.ClaimAsync("bus", ["lost"]);
            batch.Append("acme", "printer/lost", new PrinterEvent.Printed(1));
        }
        await using var again = store.BatchSession();
        Assert.That(await again.ClaimAsync("bus", ["lost"]), Has.Count.EqualTo(1));
        Assert.That(await store.LightweightSession("acme").Events.FetchStreamStateAsync("printer/lost"), Is.Null);
    }

    [Test]
    public async Task Of_two_that_claim_at_once_the_second_waits_and_gets_nothing()
    {
        await using var first = store.BatchSession();
        await using var second = store.BatchSession();
        await first.ClaimAsync("bus", ["race"]);
        var waiting = second.ClaimAsync("bus", ["race"]);
        Assert.That(waiting.IsCompleted, Is.False);
        first.Append("acme", "printer/race", new PrinterEvent.Printed(1));
        await first.SaveChangesAsync();
        Assert.That(await waiting.WaitAsync(TimeSpan.FromSeconds(10)), Is.Empty);
    }

    [Test]
    public async Task A_batch_that_meets_a_moved_stream_writes_nothing_at_all()
    {
        await using var batch = store.BatchSession();
        await batch.ClaimAsync("bus", ["moved"]);
        foreach (var stream in await batch.FetchForWriting<Printer>([("acme", "printer/m1"), ("acme", "printer/m2")])) stream.AppendOne(new PrinterEvent.Printed(1));
        await store.AppendAsync("acme", "printer/m2", new PrinterEvent.Printed(9));
        Assert.CatchAsync<ConcurrencyException>(() => batch.SaveChangesAsync());
        await batch.DisposeAsync();

        await using var again = store.BatchSession();
        Assert.That(await again.ClaimAsync("bus", ["moved"]), Has.Count.EqualTo(1));
        Assert.That((await again.FetchForWriting<Printer>([("acme", "printer/m1")]))[0].StartingVersion, Is.Zero);
    }

    [Test]
    public async Task A_snapshot_older_than_its_stream_gets_the_missing_events_folded_on_top()
    {
        await store.AppendAsync("acme", "printer/s", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        Assert.That(await SnapshotAsync("printer/s"), Is.EqualTo(2));
        // A Marten client writes an event and knows of no snapshot.
        await Server.SqlAsync<object>($$"""
            set search_path to {{store.Options.Schema}};
            update mt_streams set version = 3 where id = 'printer/s';
            insert into mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
            values (nextval('mt_events_sequence'), gen_random_uuid(), 'printer/s', 3, '{"pages": 4}', 'printer_printed', 'acme')
            """);
        await using var session = store.LightweightSession("acme");
        var stream = await session.Events.FetchForWriting<Printer>("printer/s");
        Assert.That((stream.Aggregate.Pages, stream.StartingVersion), Is.EqualTo((7, 3)));
        stream.AppendOne(new PrinterEvent.Printed(8));
        await session.SaveChangesAsync();
        Assert.That(await SnapshotAsync("printer/s"), Is.EqualTo(4));
        Assert.That((await session.Events.AggregateStreamAsync<Printer>("printer/s"))!.Pages, Is.EqualTo(15));
    }

    private Task<long> SnapshotAsync(string key) =>
        Server.SqlAsync<long>($"select version from {store.Options.Schema}.fleet_snapshot where id = '{key}'");
}
