using Fleet.Identity.Audit;
using Fleet.Identity.People;
using Npgsql;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Audit;

/// <summary>Told at once, then once a minute; bounded; none lost.</summary>
public class RefusedTokensTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_was_counted_is_told_when_the_minute_is_over_though_nobody_is_refused_again()
    {
        var refused = new RefusedTokens();
        Assert.That(refused.Add(Of("a"), At)?.Times, Is.EqualTo(1));
        Assert.That((refused.Add(Of("a"), At.AddSeconds(1)), refused.Add(Of("a"), At.AddSeconds(2))), Is.EqualTo(((ValueTuple<RefusedToken, int>?)null, (ValueTuple<RefusedToken, int>?)null)));
        Assert.That(refused.Left(At.AddSeconds(59), all: false), Is.Empty);
        Assert.That(refused.Left(At.AddSeconds(60), all: false), Is.EqualTo(new[] { (Of("a"), 2) }));
        Assert.That(refused.Left(At.AddSeconds(61), all: true), Is.Empty, "once");
    }

    [Test]
    public void The_stop_tells_what_is_counted_before_its_minute_is_over()
    {
        var refused = new RefusedTokens();
        refused.Add(Of("a"), At);
        refused.Add(Of("a"), At.AddSeconds(1));
        Assert.That(refused.Left(At.AddSeconds(2), all: true), Is.EqualTo(new[] { (Of("a"), 1) }));
    }

    [Test]
    public void Who_was_not_refused_for_a_minute_is_forgotten()
    {
        var refused = new RefusedTokens();
        for (var n = 0; n < 500; n++)
            refused.Add(Of($"client-{n}"), At);
        Assert.That(refused.Remembered, Is.EqualTo(500));
        refused.Left(At.AddMinutes(1), all: false);
        Assert.That(refused.Remembered, Is.Zero);
    }

    [Test]
    public void Beyond_the_bound_all_further_ones_are_counted_together()
    {
        var refused = new RefusedTokens(most: 10);
        var told = Enumerable.Range(0, 1_000).Select(n => refused.Add(Of($"client-{n}"), At)).OfType<(RefusedToken Refused, int Times)>().ToList();
        told.AddRange(refused.Left(At, all: true));
        Assert.That((refused.Remembered, told.Count, told.Sum(one => one.Times)), Is.EqualTo((1, 12, 1_000)), "ten clients, the first and the rest of the others; none lost");
        Assert.That(told[^1].Refused, Is.EqualTo(Of(null) with { Home = Home.Platform }));
    }

    [Test]
    public void What_could_not_be_written_is_counted_on()
    {
        var refused = new RefusedTokens();
        refused.Add(Of("a"), At);
        refused.Return(Of("a"), 1);
        Assert.That(refused.Add(Of("a"), At.AddMinutes(1))?.Times, Is.EqualTo(2));
    }

    [Test]
    public async Task A_stop_writes_what_was_counted()
    {
        await using var identity = await StartAsync(Client("boss", "customer-admin", tenant: "acme"));
        for (var wrong = 0; wrong < 4; wrong++)
            using (await identity.AskAsync("boss", "wrong")) { }
        await identity.Service.StopAsync();

        await using var database = NpgsqlDataSource.Create(identity.Service.Place.DatabaseOf("identity").Owner);
        await using var command = database.CreateCommand("select string_agg(data ->> 'times', ' ' order by seq_id) from identity.mt_events where type = 'token_refused' and tenant_id = 'acme'");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo("1 3"));
    }

    private static RefusedToken Of(string? client) => new(client, new(null, "acme"), null, "invalid_client");
}
