namespace Fleet.EventStore.Tests.Surface;

public class ColumnTests
{
    public enum Level { Unknown, Low, Empty }

    public sealed record Part(string Name, decimal Weight);

    public sealed record EveryKind(
        string TenantId, string Key, string Text, string? NoText, long Big, long? NoBig, int Small, bool Flag, decimal Price, double Ratio, Guid Id, DateOnly Day, DateTimeOffset At,
        DateTimeOffset? Never, Level Level, Level? NoLevel, IReadOnlyList<string> Tags, Part? Part, IReadOnlyDictionary<string, long> Counts, string Order);

    private static readonly EveryKind Row = new(
        "acme", "printer/1", "ä'\"{}", null, long.MaxValue, null, -1, true, 0.000001m, 0.1, new Guid("0197c0de-0000-7000-8000-000000000001"), new DateOnly(2026, 2, 28),
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)), null, Level.Low, null, ["a", "b"], new Part("fuser", 1.5m),
        new Dictionary<string, long> { ["total"] = 7 }, "a reserved word");

    private DocumentStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        var view = new View<EveryKind>("kinds", 1, e => [e.StreamKey], (_, _, key) => Row with { Key = key }) { Indexes = ["level, day"] };
        store = await Stores.NewAsync([view]);
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task A_row_comes_back_as_it_was_folded()
    {
        await using var query = store.QuerySession("acme");
        var row = (await query.LoadAsync<EveryKind>("acme", "printer/1"))!;
        Assert.That(row with { Tags = Row.Tags, Counts = Row.Counts }, Is.EqualTo(Row));
        Assert.That(row.Tags, Is.EqualTo(Row.Tags));
        Assert.That(row.Counts, Is.EquivalentTo(Row.Counts));
    }

    [Test]
    public async Task Columns_have_the_types_one_queries_by()
    {
        var types = await Server.SqlAsync<string>($"""
            select string_agg(column_name || ' ' || data_type || case is_nullable when 'NO' then '!' else '' end, ', ' order by ordinal_position)
            from information_schema.columns where table_schema = '{store.Options.Schema}' and table_name = 'kinds'
            """);
        Assert.That(types, Is.EqualTo(
            "tenant_id character varying!, key character varying!, text text, no_text text, big bigint!, no_big bigint, small integer!, flag boolean!, price numeric!, "
            + "ratio double precision!, id uuid!, day date!, at timestamp with time zone!, never timestamp with time zone, level text!, no_level text, tags jsonb, part jsonb, counts jsonb, order text"));
    }

    [TestCase("where level = @level and day = @day and at = @at and id = @id", ExpectedResult = 1)]
    [TestCase("where key = any(@keys) order by at desc limit @most", ExpectedResult = 1)]
    [TestCase("where no_text is not distinct from @nothing::text and (part ->> 'weight')::numeric > 1", ExpectedResult = 1)]
    [TestCase("where level <> @level", ExpectedResult = 0)]
    public async Task<int> Parameters_are_given_by_name(string where)
    {
        await using var query = store.QuerySession("acme");
        var rows = await query.QueryAsync<EveryKind>(where, new
        {
            level = Level.Low,
            day = Row.Day,
            at = Row.At,
            id = Row.Id,
            keys = new List<string> { "printer/1", "x" },
            most = 10,
            nothing = (string?)null,
        });
        return rows.Count;
    }

    [Test]
    public async Task Parameters_may_come_in_a_dictionary()
    {
        await using var query = store.QuerySession("acme");
        Assert.That(await query.ScalarAsync<long>("select big from {table} where small = @small", new Dictionary<string, object?> { ["small"] = -1 }), Is.EqualTo(long.MaxValue));
        Assert.That(await query.ScalarAsync<string>("select no_text from {kinds}"), Is.Null);
    }
}
