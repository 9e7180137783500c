using System.Buffers.Text;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;

namespace Fleet.Agents.Tests;

/// <summary>How an agent is let in: what is shown, how long it waits, and what it keeps.</summary>
public class AgentEnrolTests : AgentEnrolFixture
{
    [Test]
    public async Task It_shows_the_code_waits_keeps_the_token_and_writes_a_configuration_that_runs()
    {
        Issuer.GivesRegion().GivesCode().Refuses("authorization_pending").GivesTokens();
        var (exit, said) = await EnrolAsync();
        Assert.That(exit, Is.Zero, said);
        Assert.That(said, Does.Contain("BCDF-GHJK").And.Contain($"{Issuer.Origin}/device?user_code=BCDF-GHJK").And.Contain("enrolled as agent acme-hq of acme/hq").And.Contain($"fleet-agent run --config {ConfigFile}"));
        var config = ReadConfig.From(ConfigFile);
        Assert.That((config.Tenant, config.Site, config.AgentId, config.Broker.Host, config.Broker.Port, config.StateDir), Is.EqualTo(("acme", "hq", "acme-hq", "mq.example", 5671, StateDir)));
        Assert.That((config.ClientId, config.TokenUrl, config.ApiUrl), Is.EqualTo(((string?)null, $"{Issuer.Origin}/oauth/token", Issuer.Origin)));
        var kept = Enrolment.Of(config);
        Assert.That((kept.RefreshToken, said.Contains(kept.KeyId, StringComparison.Ordinal)), Is.EqualTo(("acme.acme-hq.r1", true)));
        Assert.That(said, Does.Not.Contain("acme.acme-hq.r1"), "no secret on a screen");
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task What_it_keeps_is_for_its_own_user_alone()
    {
        Issuer.GivesRegion().GivesCode().GivesTokens();
        await EnrolAsync();
        foreach (var file in new[] { ConfigFile, Path.Combine(StateDir, "enrolment.json"), Path.Combine(StateDir, "agent.key") })
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    public async Task It_waits_as_it_is_told_and_longer_when_told_to_slow_down()
    {
        Issuer.GivesRegion().GivesCode().Refuses("authorization_pending").Refuses("slow_down").Refuses("authorization_pending").Refuses("slow_down").GivesTokens();
        await EnrolAsync();
        Assert.That(Waits.Select(wait => wait.TotalSeconds).Where(seconds => seconds < 60), Is.EqualTo(new[] { 5, 5, 10, 10, 15 }));
    }

    [TestCase(0, 1)]
    [TestCase(-1, 1)]
    [TestCase(86400, 60)]
    public async Task An_interval_that_makes_no_sense_is_brought_within_one_that_does(int told, int waited)
    {
        Issuer.GivesRegion().GivesCode(told).GivesTokens();
        Assert.That((await EnrolAsync()).Exit, Is.Zero);
        Assert.That(Waits.Select(wait => wait.TotalSeconds), Does.Contain(waited));
    }

    [Test]
    public async Task Each_request_carries_a_fresh_proof_of_its_own_key_for_its_own_address()
    {
        Issuer.GivesRegion().GivesCode().Refuses("authorization_pending").GivesTokens();
        await EnrolAsync();
        var posts = Issuer.Asked.Where(asked => asked.Proof is not null).ToList();
        Assert.That(posts.Select(asked => asked.Path), Is.EqualTo(new[] { "/oauth/device_authorization", "/oauth/token", "/oauth/token" }));
        var proofs = posts.Select(asked => Read(asked.Proof!)).ToList();
        Assert.That(proofs.Select(proof => proof.Body.GetProperty("jti").GetString()), Is.Unique);
        Assert.That(proofs.Select(proof => proof.Body.GetProperty("htu").GetString()), Is.EqualTo(posts.Select(asked => Issuer.Origin + asked.Path)));
        Assert.That(proofs, Has.All.Matches<(JsonElement Head, JsonElement Body, bool Holds)>(proof => proof.Holds && proof.Head.GetProperty("typ").GetString() == "dpop+jwt" && !proof.Head.GetProperty("jwk").TryGetProperty("d", out _)));
        Assert.That((posts[1].Form["device_code"], posts[1].Form["client_id"]), Is.EqualTo(("d3v1ce", "fleet-agent")));
    }

    [Test]
    public async Task As_data_it_is_two_lines()
    {
        Issuer.GivesRegion().GivesCode().GivesTokens();
        var (_, said) = await EnrolAsync("--json");
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That((lines[0].GetProperty("userCode").GetString(), lines[1].GetProperty("agentId").GetString()), Is.EqualTo(("BCDF-GHJK", "acme-hq")));
    }

    private static (JsonElement Head, JsonElement Body, bool Holds) Read(string proof)
    {
        var parts = proof.Split('.');
        var (head, body) = (JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement);
        byte[] Coordinate(string name) => Base64Url.DecodeFromChars(head.GetProperty("jwk").GetProperty(name).GetString());
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Coordinate("x"), Y = Coordinate("y") } });
        return (head, body, key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
    }
}
