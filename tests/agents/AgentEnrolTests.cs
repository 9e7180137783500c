using System.Buffers.Text;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Commands;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary><c>fleet-agent enrol</c> against an issuer that follows a script. Waiting takes no time here, and what it would have taken is written down.</summary>
public class AgentEnrolTests
{
    private readonly ImpatientClock clock = new();
    private AgentScriptedIssuer issuer = null!;
    private string directory = "";

    private string ConfigFile => Path.Combine(directory, "config.json");
    private string StateDir => Path.Combine(directory, "state");

    [SetUp]
    public void Open()
    {
        issuer = new();
        directory = FreshDirectory();
        clock.Waits.Clear();
    }

    [TearDown]
    public void Close()
    {
        issuer.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task It_shows_the_code_waits_keeps_the_token_and_writes_a_configuration_that_runs()
    {
        issuer.GivesRegion().GivesCode().Refuses("authorization_pending").GivesTokens();
        var (exit, said) = await EnrolAsync();
        Assert.That(exit, Is.Zero, said);
        Assert.That(said, Does.Contain("BCDF-GHJK").And.Contain($"{issuer.Origin}/device?user_code=BCDF-GHJK").And.Contain("enrolled as agent acme-hq of acme/hq").And.Contain($"fleet-agent run --config {ConfigFile}"));
        var config = ReadConfig.From(ConfigFile);
        Assert.That((config.Tenant, config.Site, config.AgentId, config.Broker.Host, config.Broker.Port, config.StateDir), Is.EqualTo(("acme", "hq", "acme-hq", "mq.example", 5671, StateDir)));
        Assert.That((config.ClientId, config.TokenUrl, config.ApiUrl), Is.EqualTo(((string?)null, $"{issuer.Origin}/oauth/token", issuer.Origin)));
        var kept = Enrolment.Of(config);
        Assert.That((kept.RefreshToken, said.Contains(kept.KeyId, StringComparison.Ordinal)), Is.EqualTo(("acme.acme-hq.r1", true)));
        Assert.That(said, Does.Not.Contain("acme.acme-hq.r1"), "no secret on a screen");
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task What_it_keeps_is_for_its_own_user_alone()
    {
        issuer.GivesRegion().GivesCode().GivesTokens();
        await EnrolAsync();
        foreach (var file in new[] { ConfigFile, Path.Combine(StateDir, "enrolment.json"), Path.Combine(StateDir, "agent.key") })
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    public async Task It_waits_as_it_is_told_and_longer_when_told_to_slow_down()
    {
        issuer.GivesRegion().GivesCode().Refuses("authorization_pending").Refuses("slow_down").Refuses("authorization_pending").Refuses("slow_down").GivesTokens();
        await EnrolAsync();
        Assert.That(clock.Waits.Select(wait => wait.TotalSeconds).Where(seconds => seconds < 60), Is.EqualTo(new[] { 5, 5, 10, 10, 15 }));
    }

    [TestCase(0, 1)]
    [TestCase(-1, 1)]
    [TestCase(86400, 60)]
    public async Task An_interval_that_makes_no_sense_is_brought_within_one_that_does(int told, int waited)
    {
        issuer.GivesRegion().GivesCode(told).GivesTokens();
        Assert.That((await EnrolAsync()).Exit, Is.Zero);
        Assert.That(clock.Waits.Select(wait => wait.TotalSeconds), Does.Contain(waited));
    }

    [TestCase("""[{}]""")]
    [TestCase("""[null]""")]
    [TestCase("""{"regions":[]}""")]
    public async Task A_server_that_is_not_Fleet_is_told_as_such(string regions)
    {
        issuer.Says(regions);
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("/regions names no amqps:// address", StringComparison.Ordinal) || said.Contains("does not answer as Fleet does", StringComparison.Ordinal)), Is.EqualTo((7, true)), said);
    }

    [Test]
    public async Task Each_request_carries_a_fresh_proof_of_its_own_key_for_its_own_address()
    {
        issuer.GivesRegion().GivesCode().Refuses("authorization_pending").GivesTokens();
        await EnrolAsync();
        var posts = issuer.Asked.Where(asked => asked.Proof is not null).ToList();
        Assert.That(posts.Select(asked => asked.Path), Is.EqualTo(new[] { "/oauth/device_authorization", "/oauth/token", "/oauth/token" }));
        var proofs = posts.Select(asked => Read(asked.Proof!)).ToList();
        Assert.That(proofs.Select(proof => proof.Body.GetProperty("jti").GetString()), Is.Unique);
        Assert.That(proofs.Select(proof => proof.Body.GetProperty("htu").GetString()), Is.EqualTo(posts.Select(asked => issuer.Origin + asked.Path)));
        Assert.That(proofs, Has.All.Matches<(JsonElement Head, JsonElement Body, bool Holds)>(proof => proof.Holds && proof.Head.GetProperty("typ").GetString() == "dpop+jwt" && !proof.Head.GetProperty("jwk").TryGetProperty("d", out _)));
        Assert.That((posts[1].Form["device_code"], posts[1].Form["client_id"]), Is.EqualTo(("d3v1ce", "fleet-agent")));
    }

    [TestCase("access_denied", "denied the code")]
    [TestCase("expired_token", "nobody approved the code in time: run fleet-agent enrol again")]
    [TestCase("invalid_grant", "run fleet-agent enrol again")]
    [TestCase("server_error", "400 server_error: because")]
    public async Task A_refusal_is_one_line_that_says_what_to_do(string error, string words)
    {
        issuer.GivesRegion().GivesCode().Refuses(error);
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, File.Exists(ConfigFile)), Is.EqualTo((7, false)));
        Assert.That(said.Split('\n').Single(line => line.Contains(" error ", StringComparison.Ordinal)), Does.Contain(words));
    }

    [Test]
    public async Task A_wrong_clock_is_named()
    {
        issuer.Date = SystemClock.GetUtcNow().AddHours(-2);
        issuer.GivesRegion().Refuses("invalid_dpop_proof", "iat");
        var (exit, said) = await EnrolAsync();
        Assert.That(exit, Is.EqualTo(7));
        Assert.That(said, Does.Match("this machine's clock is 7[12]\\d\\d s ahead of the server's: set it"));
    }

    [Test]
    public async Task The_network_may_go_away_and_come_back_while_it_waits()
    {
        issuer.GivesRegion().GivesCode().Says("<html>bad gateway</html>", 502).Says("", 503).Says("""{"error":"temporarily_unavailable"}""", 429).GivesTokens();
        var (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("cannot answer at the moment (502); trying on", StringComparison.Ordinal)), Is.EqualTo((0, true)), said);

        File.Delete(ConfigFile);
        issuer.GivesRegion().GivesCode(expiresIn: 0).Says("", 503);
        (exit, said) = await EnrolAsync();
        Assert.That((exit, said.Contains("nobody approved the code in time", StringComparison.Ordinal)), Is.EqualTo((7, true)), "the twin: not for ever");
        using var nobody = new AgentScriptedIssuer();
        nobody.Dispose();
        Assert.That((await EnrolAsync(api: nobody.Origin)).Said, Does.Contain("refuses connections: is it running?"));
    }

    [Test]
    public async Task A_configuration_that_was_there_is_left_alone_and_what_it_says_otherwise_is_told()
    {
        var written = JsonSerializer.Serialize(new { tenant = "acme", site = "branch", agentId = "acme-hq", api = issuer.Origin, stateDir = StateDir, broker = new { host = "mq.example" }, clientId = "old", secretFile = "secret" });
        await File.WriteAllTextAsync(ConfigFile, written);
        issuer.GivesCode().GivesTokens();
        var (exit, said) = await EnrolAsync(api: null, state: null);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(said, Does.Contain("site: the configuration says branch, but this agent is enrolled as hq").And.Contain("take clientId and secretFile out"));
        Assert.That(await File.ReadAllTextAsync(ConfigFile), Is.EqualTo(written));
    }

    [TestCase("http://fleet.example", "must be https")]
    [TestCase("https://fleet.example/api", "is no origin")]
    [TestCase("fleet", "is no origin")]
    public async Task A_wrong_address_is_told_before_anything_is_asked(string api, string words)
    {
        var (exit, said) = await EnrolAsync(api: api);
        Assert.That((exit, issuer.Asked.Count), Is.EqualTo((2, 0)));
        Assert.That(said, Does.Contain(words));
    }

    [Test]
    public async Task A_configuration_that_cannot_be_written_is_told_and_the_enrolment_stands()
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "file"), "");
        issuer.GivesRegion().GivesCode().GivesTokens();
        var (exit, said) = await EnrolAsync(issuer.Origin, StateDir, "--config", Path.Combine(directory, "file", "config.json"));
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

    [Test]
    public async Task As_data_it_is_two_lines()
    {
        issuer.GivesRegion().GivesCode().GivesTokens();
        var (_, said) = await EnrolAsync("--json");
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That((lines[0].GetProperty("userCode").GetString(), lines[1].GetProperty("agentId").GetString()), Is.EqualTo(("BCDF-GHJK", "acme-hq")));
    }

    private async Task<(int Exit, string Said)> EnrolAsync(params string[] more) => await EnrolAsync(issuer.Origin, StateDir, more);

    private async Task<(int Exit, string Said)> EnrolAsync(string? api, string? state = "default", params string[] more)
    {
        var output = new StringWriter();
        var around = new Surroundings(clock, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(output, SystemClock));
        List<string> line = ["enrol", .. more];
        if (!more.Contains("--config")) line.AddRange(["--config", ConfigFile]);
        if (api is not null) line.AddRange(["--api", api]);
        if (state is not null) line.AddRange(["--state", state == "default" ? StateDir : state]);
        var exit = await new RootCommand { EnrolCommand.Build(around, output) }.Parse(line).InvokeAsync();
        return (exit, output.ToString());
    }

    private static (JsonElement Head, JsonElement Body, bool Holds) Read(string proof)
    {
        var parts = proof.Split('.');
        var (head, body) = (JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement);
        byte[] Coordinate(string name) => Base64Url.DecodeFromChars(head.GetProperty("jwk").GetProperty(name).GetString());
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Coordinate("x"), Y = Coordinate("y") } });
        return (head, body, key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
    }

    /// <summary>The real time; whoever waits goes on at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => SystemClock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return SystemClock.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
