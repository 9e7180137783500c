namespace Fleet.EventStore.Tests.Surface;

public class SessionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private DocumentStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => store = await Stores.NewAsync([Printers.Counts]);

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task What_is_appended_is_read_back_with_its_metadata()
    {
        var id = Guid.CreateVersion7(Noon);
        await using (var session = store.LightweightSession("acme"))
        {
            (session.CorrelationId, session.CausationId) = ("c1", "c2");
            session.SetHeader("who", "anna");
            session.Events.Append("printer/1", new PrinterEvent.Seen("P1", Noon), new NewEvent(new PrinterEvent.Printed(7), id, new Dictionary<string, string> { ["why"] = "test" }));
            await session.SaveChangesAsync();
        }

        var events = await store.LightweightSession("acme").Events.FetchStreamAsync("printer/1");

        Assert.That(events.Select(e => (e.Version, e.Data, e.EventTypeName)), Is.EqualTo(new (long, object, string)[]
        {
            (1, new PrinterEvent.Seen("P1", Noon), "printer_seen"), (2, new PrinterEvent.Printed(7), "printer_printed"),
        }));
        Assert.Multiple(() =>
        {
            Assert.That(events[1].Id, Is.EqualTo(id));
            Assert.That((events[1].CorrelationId, events[1].CausationId, events[1].TenantId, events[1].StreamKey), Is.EqualTo(("c1", "c2", "acme", "printer/1")));
            Assert.That(events[1].Headers, Is.EquivalentTo(new Dictionary<string, string> { ["who"] = "anna", ["why"] = "test" }));
            Assert.That(events[0].Headers, Is.EquivalentTo(new Dictionary<string, string> { ["who"] = "anna" }));
            Assert.That(events[1].Sequence, Is.GreaterThan(events[0].Sequence));
        });
    }

    [Test]
    public async Task A_batch_above_the_copy_limit_is_read_back_the_same()
    {
        await store.AppendAsync("acme", "printer/many", [.. Enumerable.Range(1, 50).Select(n => new PrinterEvent.Printed(n))]);
        var events = await store.LightweightSession("acme").Events.FetchStreamAsync("printer/many");
        Assert.That(events.Select(e => ((PrinterEvent.Printed)e.Data).Pages), Is.EqualTo(Enumerable.Range(1, 50).Select(n => (long)n)));
        Assert.That(events.Select(e => e.Version), Is.EqualTo(Enumerable.Range(1, 50).Select(n => (long)n)));
    }

    [Test]
    public async Task A_stream_fetched_for_writing_refuses_when_somebody_else_wrote()
    {
        await store.AppendAsync("acme", "printer/2", new PrinterEvent.Printed(1));
        await using var session = store.LightweightSession("acme");
        var stream = await session.Events.FetchForWriting<Printer>("printer/2");
        Assert.That((stream.Aggregate.Pages, stream.StartingVersion), Is.EqualTo((1, 1)));
        await store.AppendAsync("acme", "printer/2", new PrinterEvent.Printed(2));

        stream.AppendOne(new PrinterEvent.Printed(3));
        var refused = Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
        Assert.That((refused!.Expected, refused.Actual), Is.EqualTo((1, 2)));
        Assert.That((await session.Events.AggregateStreamAsync<Printer>("printer/2"))!.Pages, Is.EqualTo(3));
    }

    [Test]
    public async Task A_stream_fetched_for_writing_is_written_when_nobody_else_wrote()
    {
        await using var session = store.LightweightSession("acme");
        var stream = await session.Events.FetchForWriting<Printer>("printer/3");
        Assert.That((stream.Aggregate, stream.StartingVersion), Is.EqualTo((Printer.None, 0)));
        stream.AppendMany(new PrinterEvent.Printed(3), new PrinterEvent.Printed(4));
        Assert.That(stream.CurrentVersion, Is.EqualTo(2));
        await session.SaveChangesAsync();
        Assert.That((await session.Events.FetchStreamStateAsync("printer/3"))!.Version, Is.EqualTo(2));
    }

    [Test]
    public async Task The_expected_version_is_the_one_after_the_append()
    {
        await store.AppendAsync("acme", "printer/4", new PrinterEvent.Printed(1));
        await using var right = store.LightweightSession("acme");
        right.Events.Append("printer/4", 3, new PrinterEvent.Printed(2), new PrinterEvent.Printed(3));
        await right.SaveChangesAsync();
        await using var wrong = store.LightweightSession("acme");
        wrong.Events.Append("printer/4", 3, new PrinterEvent.Printed(4));
        Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => wrong.SaveChangesAsync());
    }

    [Test]
    public async Task A_refused_append_burns_no_sequence_number()
    {
        await store.AppendAsync("acme", "printer/5", new PrinterEvent.Printed(1));
        var before = await Server.SqlAsync<long>($"select last_value from {store.Options.Schema}.mt_events_sequence");
        await using var session = store.LightweightSession("acme");
        session.Events.Append("printer/5", 1, new PrinterEvent.Printed(2));
        Assert.CatchAsync<ConcurrencyException>(() => session.SaveChangesAsync());
        Assert.That(await Server.SqlAsync<long>($"select last_value from {store.Options.Schema}.mt_events_sequence"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_stream_is_started_once()
    {
        async Task StartAsync()
        {
            await using var session = store.LightweightSession("acme");
            session.Events.StartStream<Printer>("printer/6", new PrinterEvent.Printed(1));
            await session.SaveChangesAsync();
        }
        await StartAsync();
        Assert.ThrowsAsync<ExistingStreamIdCollisionException>(StartAsync);
    }

    [Test]
    public async Task A_stream_is_folded_up_to_a_version_or_a_time()
    {
        await store.AppendAsync("acme", "printer/7", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2), new PrinterEvent.Printed(4));
        var events = store.LightweightSession("acme").Events;
        Assert.That((await events.AggregateStreamAsync<Printer>("printer/7", version: 2))!.Pages, Is.EqualTo(3));
        Assert.That(await events.AggregateStreamAsync<Printer>("printer/7", timestamp: Noon), Is.Null);
        Assert.That(await events.AggregateStreamAsync<Printer>("printer/none"), Is.Null);
        Assert.That((await events.FetchStreamAsync("printer/7", fromVersion: 3)).Single().Version, Is.EqualTo(3));
    }

    [Test]
    public async Task An_archived_stream_is_marked_with_its_events_and_takes_no_more()
    {
        await store.AppendAsync("acme", "printer/8", new PrinterEvent.Printed(1));
        await using var session = store.LightweightSession("acme");
        session.Events.ArchiveStream("printer/8");
        await session.SaveChangesAsync();
        Assert.That((await session.Events.FetchStreamStateAsync("printer/8"))!.IsArchived);
        Assert.That(await Server.SqlAsync<bool>($"select is_archived from {store.Options.Schema}.mt_events where stream_id = 'printer/8'"));
        Assert.ThrowsAsync<InvalidStreamOperationException>(() => store.AppendAsync("acme", "printer/8", new PrinterEvent.Printed(1)));
    }

    [Test]
    public async Task Tenants_have_streams_of_the_same_name_and_do_not_meet()
    {
        await store.AppendAsync("acme", "printer/9", new PrinterEvent.Printed(1));
        await store.AppendAsync("globex", "printer/9", new PrinterEvent.Printed(2));
        Assert.That((await store.LightweightSession("globex").Events.AggregateStreamAsync<Printer>("printer/9"))!.Pages, Is.EqualTo(2));
        var feed = await store.ReadAllAsync(0, 1000, ["globex"]);
        Assert.That(feed.Select(e => e.TenantId).Distinct(), Is.EqualTo(new[] { "globex" }));
    }

    [Test]
    public async Task An_inline_view_is_there_when_the_append_is()
    {
        await store.AppendAsync("initech", "printer/1", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        await using var query = store.QuerySession("initech");
        Assert.That(await query.LoadAsync<CountRow>("initech", "all"), Is.EqualTo(new CountRow(2, 2)));
    }
}
