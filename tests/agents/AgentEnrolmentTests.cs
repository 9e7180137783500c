using Fleet.Agent.Configuration;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;
using Fleet.Agent.Publishing;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>How an enrolled agent comes by its tokens, and what it does when it gets none.</summary>
public class AgentEnrolmentTests : AgentHome
{
    private AgentScriptedIssuer issuer = null!;
    private StateDirectory state = null!;
    private HttpClient http = null!;

    private AgentConfig Config => new("acme", "hq", "acme-hq", new("mq.example"), Home, $"{issuer.Origin}/oauth/token");

    [SetUp]
    public void Open()
    {
        issuer = new();
        state = StateDirectory.Open(Home);
        http = TokenSource.Http(ServerTrust.From(null), proxy: null);
        Held("r0").Write(Home);
    }

    [TearDown]
    public void Close()
    {
        http.Dispose();
        state.Dispose();
        issuer.Dispose();
    }

    [Test]
    public async Task Each_renewal_shows_the_newest_token_and_keeps_the_next_one()
    {
        issuer.GivesTokens("r1").GivesTokens("r2");
        using var tokens = Tokens();
        var first = await tokens.GetAsync(CancellationToken.None);
        tokens.Forget(first);
        await tokens.GetAsync(CancellationToken.None);
        Assert.That(issuer.Asked.Select(asked => asked.Form["refresh_token"]), Is.EqualTo(new[] { "r0", "r1" }));
        Assert.That((Enrolment.Read(Home)!.RefreshToken, issuer.Asked.All(asked => asked.Proof is not null)), Is.EqualTo(("r2", true)));
    }

    [Test]
    public async Task Many_who_need_a_token_at_once_renew_once()
    {
        issuer.GivesTokens("r1");
        using var tokens = Tokens();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(CancellationToken.None)));
        Assert.That(issuer.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Killed_between_answer_and_disk_it_shows_the_old_token_again()
    {
        issuer.GivesTokens("r1");
        using (var lost = Tokens()) await lost.GetAsync(CancellationToken.None);
        Held("r0").Write(Home); // as if the new one had never got there
        issuer.GivesTokens("r1b");
        using var tokens = Tokens();
        await tokens.GetAsync(CancellationToken.None);
        Assert.That((issuer.Asked.Last().Form["refresh_token"], Enrolment.Read(Home)!.RefreshToken), Is.EqualTo(("r0", "r1b")));
    }

    [Test]
    public async Task Without_room_for_the_next_token_it_says_so_goes_on_and_shows_the_kept_one_again()
    {
        issuer.GivesTokens("r1").GivesTokens("r1b").GivesTokens("r2");
        var lines = new StringWriter();
        using var tokens = Tokens(lines);
        var inTheWay = Directory.CreateDirectory(Path.Combine(Home, "enrolment.json.new")).FullName;
        var first = await tokens.GetAsync(CancellationToken.None);
        Assert.That(lines.ToString().Split("the next refresh token cannot be kept").Length - 1, Is.EqualTo(1), lines.ToString());

        Directory.Delete(inTheWay);
        tokens.Forget(first);
        var second = await tokens.GetAsync(CancellationToken.None);
        tokens.Forget(second);
        await tokens.GetAsync(CancellationToken.None);
        Assert.That(issuer.Asked.Select(asked => asked.Form["refresh_token"]), Is.EqualTo(new[] { "r0", "r0", "r1b" }));
        Assert.That(lines.ToString().Split("cannot be kept").Length - 1, Is.EqualTo(1), "the twin");
        Assert.That(lines.ToString(), Does.Not.Contain("r1b"), "no token in a log");
    }

    [Test]
    public async Task A_renewal_that_fails_leaves_the_old_token_where_it_is()
    {
        issuer.Says("gone", 502);
        using var tokens = Tokens();
        Assert.ThrowsAsync<TokenRefusedException>(() => tokens.GetAsync(CancellationToken.None));
        Assert.That(Enrolment.Read(Home)!.RefreshToken, Is.EqualTo("r0"));
        issuer.GivesTokens("r1");
        await tokens.GetAsync(CancellationToken.None);
        Assert.That(Enrolment.Read(Home)!.RefreshToken, Is.EqualTo("r1"), "the twin");
    }

    [Test]
    public async Task It_follows_nobody_elsewhere_and_takes_no_endless_answer()
    {
        using var elsewhere = new AgentScriptedIssuer();
        issuer.Says("", 307, $"{elsewhere.Origin}/oauth/token").Says($"{{\"error\":\"{new string('x', 2 << 20)}\"}}", 400).GivesTokens("r1");
        using var tokens = Tokens();
        Assert.That(Assert.CatchAsync<TokenRefusedException>(() => tokens.GetAsync(CancellationToken.None))!.Message, Does.StartWith("307"));
        Assert.CatchAsync<HttpRequestException>(() => tokens.GetAsync(CancellationToken.None));
        Assert.That((await tokens.GetAsync(CancellationToken.None)).Value, Is.EqualTo("a.b.c"), "the twin");
        Assert.That(elsewhere.Asked, Is.Empty);
    }

    [Test]
    public void An_agent_that_is_no_longer_enrolled_says_so_and_what_to_do()
    {
        issuer.Refuses("invalid_grant");
        using var tokens = Tokens();
        var failure = Failure.Of(Assert.CatchAsync(() => tokens.GetAsync(CancellationToken.None))!, Config, doubt: null);
        Assert.That((failure.Kind, failure.Line), Is.EqualTo((FailureKind.NotEnrolled, "agent acme-hq is no longer enrolled (unused for 90 days, or revoked): run fleet-agent enrol")));
        Assert.That(Fixes.For(failure.Kind, Config), Does.Contain("fleet-agent enrol"));
    }

    [Test]
    public void A_wrong_clock_is_said_to_be_wrong()
    {
        issuer.Date = SystemClock.GetUtcNow().AddMinutes(10);
        issuer.Refuses("invalid_dpop_proof");
        using var tokens = Tokens();
        Assert.That(Failure.Of(Assert.CatchAsync(() => tokens.GetAsync(CancellationToken.None))!, Config, doubt: null).Line, Does.Match("clock is (599|60\\d) s behind the server's"));
    }

    [Test]
    public async Task Without_an_enrolment_or_with_another_agents_it_does_not_start()
    {
        using var tokens = Tokens();
        Held("r0", site: "branch").Write(Home);
        Assert.That(Assert.CatchAsync<ConfigException>(() => tokens.GetAsync(CancellationToken.None))!.Message, Does.Contain("site: the configuration says hq, but this agent is enrolled as branch"));
        (Held("r0") with { KeyId = "another" }).Write(Home);
        Assert.That(Assert.CatchAsync<ConfigException>(() => tokens.GetAsync(CancellationToken.None))!.Message, Does.Contain("another key"));
        File.Delete(Path.Combine(Home, "enrolment.json"));
        Assert.That(Assert.CatchAsync<ConfigException>(() => tokens.GetAsync(CancellationToken.None))!.Message, Does.Contain("not enrolled: run fleet-agent enrol"));
        await File.WriteAllTextAsync(Path.Combine(Home, "enrolment.json"), "{}");
        Assert.That(Assert.CatchAsync<ConfigException>(() => tokens.GetAsync(CancellationToken.None))!.Message, Does.Contain("enrolment.json"));
        Assert.That(issuer.Asked, Is.Empty);
    }

    [Test]
    public void Doctor_asks_for_no_token_while_the_agent_runs_and_knows_who_is_enrolled()
    {
        using (var beside = ExamineEnrolment.Of(Config))
            Assert.That((beside.MayAsk, beside.Finding!.IsWell, beside.Finding.What), Is.EqualTo((false, true, $"enrolled; {Home} is in use, so no token is asked for in the place of whoever uses it")));
        var key = state.Key.Id;
        state.Dispose();
        using (var alone = ExamineEnrolment.Of(Config))
            Assert.That((alone.MayAsk, alone.Finding!.What.Contains($"agent acme-hq of acme/hq since 2026-10-14, key {key}", StringComparison.Ordinal)), Is.EqualTo((true, true)), alone.Finding.What);
        File.Delete(Path.Combine(Home, "enrolment.json"));
        using var none = ExamineEnrolment.Of(Config);
        Assert.That((none.MayAsk, none.Finding!.Fix), Is.EqualTo((false, "run fleet-agent enrol --config FILE and have the code approved")));
    }

    [TestCase("""{"clientId":"x"}""", "clientId, secretFile")]
    [TestCase("""{"secretFile":"x"}""", "clientId, secretFile")]
    [TestCase("""{"api":null}""", "api: is missing")]
    public void A_configuration_needs_both_halves_of_a_secret_and_an_address(string change, string words)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse($$"""{"tenant":"acme","site":"hq","agentId":"acme-hq","broker":{"host":"mq.example"},"api":"https://fleet.example","stateDir":"state"}""")!.AsObject();
        Assert.That(ReadConfig.Parse(json.ToJsonString()).TokenUrl, Is.EqualTo("https://fleet.example/oauth/token"), "the twin");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) json[name] = value?.DeepClone();
        Assert.That(Assert.Catch<ConfigException>(() => ReadConfig.Parse(json.ToJsonString()))!.Message, Does.StartWith(words));
    }

    private TokenSource Tokens(TextWriter? log = null) => new(Config, http, SystemClock, Around(log).Log, state.Key);

    private Enrolment Held(string refresh, string site = "hq") => new(issuer.Origin, "acme", site, "acme-hq", state.Key.Id, refresh, Noon);
}
