using Fleet.Alerting.Alerts;
using Fleet.Testing;

namespace Fleet.Alerting.Tests;

[Parallelizable(ParallelScope.Children)]
public class AlertStreamTests : AlertingFixture
{
    [Test]
    public async Task An_alerts_whole_life_is_told_live()
    {
        using var http = Service.As("technician", "live");
        using var stream = await SseReader.OpenAsync(http);
        var id = await RaiseAsync("live", "d1");
        await http.PostAsync($"/api/v1/alerts/{id}/acknowledge", null);
        await http.PostAsync($"/api/v1/alerts/{id}/resolve", null);

        var told = await stream.TakeAsync(3);
        Assert.That(told.Select(e => (e.Name, e.AlertId)), Is.EqualTo(new[] { ("alert-raised", id), ("alert-acknowledged", id), ("alert-resolved", id) }));
        Assert.That(told[0].Data["tenantId"]!.GetValue<string>(), Is.EqualTo("live"));
    }

    [Test]
    public async Task A_reader_that_is_cut_off_again_and_again_gets_everything_once_while_others_append() =>
        Assert.That(await MissedOrDoubledAsync("steady", last => last), Is.Empty);

    [Test]
    public async Task That_check_finds_a_reader_that_forgets_where_it_was() =>
        Assert.That(await MissedOrDoubledAsync("forgetful", _ => "0"), Is.Not.Empty);

    // Two writers and a reader that reads a few events, is cut off and resumes as told.
    private async Task<IReadOnlyList<string>> MissedOrDoubledAsync(string tenant, Func<string, string> resume)
    {
        const int each = 60;
        using var http = Service.As("technician", tenant);
        var writers = new[] { "a", "b" }.Select(async writer =>
        {
            for (var i = 0; i < each; i++)
            {
                await AppendAsync(tenant, $"{writer}{i}");
                await AppendAsync("noise", $"{tenant}-{writer}{i}");
            }
        }).ToList();

        var (seen, last) = (new List<ServerSentEvent>(), "0");
        while (seen.Count < 2 * each)
        {
            using var stream = await SseReader.OpenAsync(http, resume(last));
            seen.AddRange(await stream.TakeAsync(Math.Min(7, 2 * each - seen.Count)));
            last = seen[^1].Id;
        }
        await Task.WhenAll(writers);

        var expected = from writer in new[] { "a", "b" } from i in Enumerable.Range(0, each) select IdOf(tenant, $"{writer}{i}");
        return [.. expected.Except(seen.Select(e => e.AlertId)), .. seen.GroupBy(e => e.AlertId).Where(g => g.Count() > 1).Select(g => g.Key),
            .. seen.Zip(seen.Skip(1)).Where(pair => pair.First.Position >= pair.Second.Position).Select(pair => $"{pair.First.Id} before {pair.Second.Id}")];
    }

    [Test]
    public async Task A_position_in_the_query_resumes_too_but_the_header_is_the_newer_word()
    {
        for (var i = 0; i < 3; i++)
            await AppendAsync("asked", $"d{i}");
        using var http = Service.As("technician", "asked");
        using var all = await SseReader.OpenAsync(http, query: "?after=0");
        var told = await all.TakeAsync(3);
        using var fromQuery = await SseReader.OpenAsync(http, query: $"?after={told[0].Id}");
        Assert.That((await fromQuery.NextAsync()).Id, Is.EqualTo(told[1].Id));
        using var fromHeader = await SseReader.OpenAsync(http, lastEventId: told[1].Id, query: $"?after={told[0].Id}");
        Assert.That((await fromHeader.NextAsync()).Id, Is.EqualTo(told[2].Id));
    }

    [Test]
    public async Task Who_is_cut_off_before_the_first_event_knows_where_to_resume()
    {
        using var http = Service.As("technician", "early");
        string start;
        using (var stream = await SseReader.OpenAsync(http))
            start = stream.LastEventId;
        await AppendAsync("early", "d1");
        using var again = await SseReader.OpenAsync(http, start);
        Assert.That((await again.NextAsync()).AlertId, Is.EqualTo(IdOf("early", "d1")));
    }

    [Test]
    public async Task A_reader_that_takes_nothing_for_a_while_loses_nothing()
    {
        const int count = 5_000;
        using var http = Service.As("technician", "stalled");
        using var stream = await SseReader.OpenAsync(http);
        // 20 MB: more than the buffers between here and there hold.
        await using (var session = Service.Store(Alerting.Module).LightweightSession("stalled"))
        {
            foreach (var raised in Enumerable.Range(0, count).Select(i => (AlertEvent.Raised)Say.Hear(Say.Toner(0, 9, device: $"d{i}", tenant: "stalled"))[0]))
                session.Events.Append(Alert.Key(raised.Device, raised.Condition), raised with { Summary = new string('x', 4_000) });
            await session.SaveChangesAsync();
        }
        Assert.That((await stream.TakeAsync(count)).Select(e => e.AlertId).Distinct().Count(), Is.EqualTo(count));
    }

    [Test]
    public async Task A_stream_ends_when_its_token_expires()
    {
        var token = Service.Tokens.For("technician", ["brief"], change: claims => claims["exp"] = TestClock.Real.GetUtcNow().AddSeconds(2).ToUnixTimeSeconds());
        using var http = Service.With(token);
        using var stream = await SseReader.OpenAsync(http);
        Assert.That(await stream.EndAsync(), Is.Zero);
    }

    [Test]
    public async Task A_quiet_stream_shows_that_it_lives_also_while_others_are_busy()
    {
        using var http = Service.As("technician", "quiet");
        using var stream = await SseReader.OpenAsync(http);
        var comment = stream.CommentAsync();
        for (var i = 0; !comment.IsCompleted; i++)
        {
            await AppendAsync("busy", $"d{i}");
            await Task.WhenAny(comment, Task.Delay(TimeSpan.FromSeconds(1)));
        }
        Assert.That(await comment, Does.StartWith(":"));
    }
}
