using System.Net.Http.Json;
using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;

namespace Fleet.Consent.Tests;

/// <summary>What the gate is told stands up to the moment it is told: no change of before that moment may still appear.</summary>
public class TellConsentsTests
{
    private const int Changes = 60;

    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public async Task Only_what_the_asker_does_not_know_is_told()
    {
        using var admin = _service.As("customer-admin", "told");
        await ChangeAsync(admin, "told", "grant", "billing");
        await ChangeAsync(admin, "told", "withdraw", "billing");

        var nothing = await AskAsync(("told", 2), ("nobody", 0));
        var newer = (await AskAsync(("told", 1), ("nobody", 0))).Newer.Single();

        Assert.That(nothing.Newer, Is.Empty);
        Assert.That((newer.TenantId, newer.Version, newer.Purposes.Single().Name), Is.EqualTo(("told", 2L, "billing")));
        Assert.That(newer.Purposes.Single().Until, Is.Not.Null);
    }

    [Test]
    public async Task The_question_is_answered_over_the_bus()
    {
        var heard = await _service.Bus.ListenAsync<ConsentsTold>();
        var question = new ConsentsAsked(Guid.CreateVersion7(TestClock.Real.GetUtcNow()), [new("acme", 0)]);
        await _service.Bus.PublishAsync(question);
        Assert.That((await heard.WaitAsync(1)).Single().QuestionId, Is.EqualTo(question.QuestionId));
    }

    // Fails without the lock in ChangeConsent: a change is dated, and committed only after somebody was told it is not there.
    [Test]
    public async Task No_change_of_before_an_answer_appears_after_it()
    {
        var answers = new List<(DateTimeOffset At, long Version)>();
        using var done = new CancellationTokenSource();
        var asking = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var told = await AskAsync(("busy", -1));
                lock (answers)
                    answers.Add((told.At, told.Newer.Single().Version));
            }
        })));
        using var admin = _service.As("customer-admin", "busy");
        for (var change = 0; change < Changes; change++)
            await ChangeAsync(admin, "busy", change % 2 == 0 ? "grant" : "withdraw", "billing");
        await done.CancelAsync();
        await asking;

        await using var session = _service.Store(Consent.Module).LightweightSession("busy");
        var changes = (await session.Events.FetchStreamAsync(TenantConsent.Key("busy"))).Select(e => (e.Version, At: e.Data is ConsentEvent.Granted granted ? granted.At : ((ConsentEvent.Withdrawn)e.Data).At)).ToList();
        Assert.That(changes, Has.Count.EqualTo(Changes));
        Assert.That(answers, Has.Count.GreaterThan(Changes / 2), "they were asked while the changes were made");
        Assert.That(answers.SelectMany(answer => changes.Where(change => change.Version > answer.Version && change.At < answer.At)), Is.Empty);
    }

    private Task<ConsentsTold> AskAsync(params (string Tenant, long Version)[] known) => TellConsents.AnswerAsync(
        _service.Context(Consent.Module), new(Guid.CreateVersion7(TestClock.Real.GetUtcNow()), [.. known.Select(one => new KnownConsents(one.Tenant, one.Version))]), CancellationToken.None);

    private static async Task ChangeAsync(HttpClient admin, string tenant, string what, string purpose)
    {
        using var answer = await admin.PostAsJsonAsync($"/api/v1/tenants/{tenant}/consents/{what}", new { purposes = new[] { purpose } });
        Assert.That(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
