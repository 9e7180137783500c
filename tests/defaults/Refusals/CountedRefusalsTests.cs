namespace Fleet.Defaults.Tests.Refusals;

/// <summary>Like with like, bounded, and nothing lost.</summary>
public class CountedRefusalsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void The_same_refusal_again_is_the_same_entry_with_its_first_and_last_time()
    {
        var counted = new CountedRefusals();
        counted.Add(Key("ana"), At.AddSeconds(3));
        counted.Add(Key("ana"), At);
        counted.Add(Key("ana"), At.AddSeconds(9));
        Assert.That(counted.Take(), Is.EqualTo(new[] { (Key("ana"), 3, At, At.AddSeconds(9)) }));
        Assert.That(counted.Take(), Is.Empty, "what was taken is not told again");
    }

    [Test]
    public void What_differs_is_kept_apart()
    {
        var counted = new CountedRefusals();
        RefusalKey[] different = [Key("ana"), Key("bob"), Key("ana", route: "GET /b"), Key("ana", tenant: "globex"), Key("ana") with { Problem = "purpose-missing" }, Key("ana") with { House = new("dealer", null) }];
        foreach (var key in different)
            counted.Add(key, At);
        Assert.That(counted.Take().Select(one => one.Key), Is.EquivalentTo(different));
    }

    [Test]
    public void Who_tries_thousand_things_fills_ten_entries_and_hides_nobody()
    {
        var counted = new CountedRefusals();
        for (var n = 0; n < 1_000; n++)
            counted.Add(Key("mallory", tenant: $"tenant-{n}"), At);
        counted.Add(Key("ana"), At);
        var taken = counted.Take();
        Assert.That(taken, Has.Count.EqualTo(CountedRefusals.PerCaller + 2));
        Assert.That(taken.Single(one => one.Key.Problem == RefusalKey.Others), Is.EqualTo((Key("mallory").OthersOfCaller, 1_000 - CountedRefusals.PerCaller, At, At)));
        Assert.That(taken.Select(one => one.Key), Does.Contain(Key("ana")));
    }

    [Test]
    public void Beyond_all_bounds_each_house_still_has_its_count()
    {
        var counted = new CountedRefusals(most: 50);
        for (var n = 0; n < 10_000; n++)
            counted.Add(Key($"caller-{n}", tenant: $"tenant-{n % 7}"), At);
        counted.Add(Key("ana") with { House = new("dealer", null) }, At);
        var taken = counted.Take();
        Assert.That(taken, Has.Count.EqualTo(52));
        Assert.That(taken.Sum(one => one.Times), Is.EqualTo(10_001), "none is lost");
        Assert.That(taken.Single(one => one.Key.House.Provider == "dealer").Key, Is.EqualTo(new RefusalKey(new("dealer", null), "client", null, null, RefusalKey.Others)));
    }

    [Test] // the twin: without bounds the same calls fill ten thousand entries
    public void Without_the_bounds_they_would_flood()
    {
        var counted = new CountedRefusals(perCaller: int.MaxValue, most: int.MaxValue);
        for (var n = 0; n < 10_000; n++)
            counted.Add(Key("mallory", tenant: $"tenant-{n}"), At);
        Assert.That(counted.Take(), Has.Count.EqualTo(10_000));
    }

    [Test]
    public void What_could_not_be_written_is_counted_on()
    {
        var counted = new CountedRefusals(most: 3);
        for (var n = 0; n < 20; n++)
            counted.Add(Key($"caller-{n}"), At);
        foreach (var (key, times, first, last) in counted.Take())
            counted.Add(key, times, first, last);
        counted.Add(Key("caller-0"), At.AddMinutes(1));
        var taken = counted.Take();
        Assert.That(taken.Sum(one => one.Times), Is.EqualTo(21));
        Assert.That(taken.Single(one => one.Key == Key("caller-0")), Is.EqualTo((Key("caller-0"), 2, At, At.AddMinutes(1))));
    }

    private static RefusalKey Key(string by, string? tenant = null, string route = "GET /a") => new(new(null, "acme"), "client", by, "viewer", "missing-right", "run-billing", tenant, route);
}
