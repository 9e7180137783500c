using System.Text.Json;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What keeps an agent from being let in, or from running afterwards: each is told, with what to do.</summary>
public class AgentNotEnrolledTests : AgentEnrolFixture
{
    [TestCase("""[{}]""")]
    [TestCase("""[null]""")]
    [TestCase("""{"regions":[]}""")]
    public async Task A_server_that_is_not_Fleet_is_told_as_such(string regions)
    {
        Issuer.Says(regions);
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("/regions names no amqps:// address", StringComparison.Ordinal) || said.Contains("does not answer as Fleet does", StringComparison.Ordinal)), Is.EqualTo((7, true)), said);
    }

    [TestCase("access_denied", "denied the code")]
    [TestCase("expired_token", "nobody approved the code in time: run fleet-agent enrol again")]
    [TestCase("invalid_grant", "run fleet-agent enrol again")]
    [TestCase("server_error", "400 server_error: because")]
    public async Task A_refusal_is_one_line_that_says_what_to_do(string error, string words)
    {
        Issuer.GivesRegion().GivesCode().Refuses(error);
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, File.Exists(ConfigFile)), Is.EqualTo((7, false)));
        Assert.That(said.Split('\n').Single(line => line.Contains(" error ", StringComparison.Ordinal)), Does.Contain(words));
    }

    [Test]
    public async Task A_wrong_clock_is_named()
    {
        Issuer.Date = SystemClock.GetUtcNow().AddHours(-2);
        Issuer.GivesRegion().Refuses("invalid_dpop_proof", "iat");
        var (exit, said) = await EnrolAsync();
        Assert.That(exit, Is.EqualTo(7));
        Assert.That(said, Does.Match("this machine's clock is 7[12]\\d\\d s ahead of the server's: set it"));
    }

    [Test]
    public async Task The_network_may_go_away_and_come_back_while_it_waits()
    {
        Issuer.GivesRegion().GivesCode().Says("<html>bad gateway</html>", 502).Says("", 503).Says("""{"error":"temporarily_unavailable"}""", 429).GivesTokens();
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("cannot answer at the moment (502); trying on", StringComparison.Ordinal)), Is.EqualTo((0, true)), said);

        File.Delete(ConfigFile);
        Issuer.GivesRegion().GivesCode(expiresIn: 0).Says("", 503);
        (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("nobody approved the code in time", StringComparison.Ordinal)), Is.EqualTo((7, true)), "the twin: not for ever");
        using var nobody = new AgentScriptedIssuer();
        nobody.Dispose();
        Assert.That((await EnrolAsync(api: nobody.Origin)).Said, Does.Contain("refuses connections: is it running?"));
    }

    [TestCase("http://fleet.example", "must be https")]
    [TestCase("https://fleet.example/api", "is no origin")]
    [TestCase("fleet", "is no origin")]
    public async Task A_wrong_address_is_told_before_anything_is_asked(string api, string words)
    {
        var (exit, said) = await EnrolAsync(api: api);
        Assert.That((exit, Issuer.Asked.Count), Is.EqualTo((2, 0)));
        Assert.That(said, Does.Contain(words));
    }

    [Test]
    public async Task A_configuration_that_was_there_is_left_alone_and_what_it_says_otherwise_is_told()
    {
        var written = JsonSerializer.Serialize(new { tenant = "acme", site = "branch", agentId = "acme-hq", api = Issuer.Origin, stateDir = StateDir, broker = new { host = "mq.example" }, clientId = "old", secretFile = "secret" });
        await File.WriteAllTextAsync(ConfigFile, written);
        Issuer.GivesCode().GivesTokens();
        var (exit, said) = await EnrolAsync(api: null, state: null);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(said, Does.Contain("site: the configuration says branch, but this agent is enrolled as hq").And.Contain("take clientId and secretFile out"));
        Assert.That(await File.ReadAllTextAsync(ConfigFile), Is.EqualTo(written));
    }

    [Test]
    public async Task A_configuration_that_cannot_be_written_is_told_and_the_enrolment_stands()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "file"), "");
        Issuer.GivesRegion().GivesCode().GivesTokens();
        var (exit, said) = await EnrolAsync(Issuer.Origin, StateDir, "--config", Path.Combine(Home, "file", "config.json"));
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(said, Does.Contain("cannot be written").And.Contain("\"agentId\":\"acme-hq\""));
        Assert.That(Enrolment.Read(StateDir)!.RefreshToken, Is.EqualTo("acme.acme-hq.r1"));
    }

    [Test]
    public async Task While_an_agent_runs_its_state_directory_is_not_touched()
    {
        using var running = StateDirectory.Open(StateDir);
        Assert.That((await EnrolAsync()).Exit, Is.EqualTo(3));
    }
}
