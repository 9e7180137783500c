using System.Text;
using System.Text.Json;
using Fleet.Agent.Granting;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentGrantTests
{
    private static readonly Grantee Self = new("acme-hq", "acme", "hq");
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly GrantSigner signer = new();

    [OneTimeTearDown]
    public void Dispose() => signer.Dispose();

    [Test]
    public async Task A_signed_grant_opens_its_groups_for_its_time_and_not_a_second_longer()
    {
        var (grant, fault) = await CheckAsync(signer.Sign(GrantSigner.Of(Noon, Day, "identity", "counters")));
        Assert.That(fault, Is.Null);
        Assert.That(grant!.At(Noon), Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters));
        Assert.That(grant.At(Noon + Day - TimeSpan.FromSeconds(1)), Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters));
        Assert.That(grant.At(Noon + Day), Is.EqualTo(FieldGroups.None));
        Assert.That(grant.At(Noon.AddHours(-1)), Is.EqualTo(FieldGroups.None));
    }

    [Test]
    public async Task Every_word_of_a_consent_is_a_group_or_opens_nothing()
    {
        foreach (var word in ConsentWords.FieldGroups)
        {
            var (grant, _) = await CheckAsync(signer.Sign(GrantSigner.Of(Noon, Day, word)));
            Assert.That(Grant.Words(grant!.Allowed), Is.EqualTo(word is "software-licence" or "usage" ? "nothing" : word));
        }
        var (unknown, _) = await CheckAsync(signer.Sign(GrantSigner.Of(Noon, Day, "all", "none", "Identity", "user-names", "")));
        Assert.That(unknown!.Allowed, Is.EqualTo(FieldGroups.None));
    }

    [Test]
    public async Task A_grant_for_another_agent_site_or_tenant_is_none()
    {
        var own = GrantSigner.Of(Noon, Day, "identity");
        foreach (var other in new[] { own with { Agent = "acme-branch" }, own with { Site = "branch" }, own with { TenantId = "globex" } })
        {
            var (grant, fault) = await CheckAsync(signer.Sign(other));
            Assert.That((grant, fault), Is.EqualTo(((Grant?)null, $"the grant is for agent {other.Agent} of {other.TenantId}/{other.Site}, not for this one")));
        }
    }

    [Test]
    public async Task A_forged_grant_is_none()
    {
        using var forger = new GrantSigner();
        var wide = GrantSigner.Of(Noon, Day, "identity", "counters");
        var narrow = signer.Sign(GrantSigner.Of(Noon, Day, "identity")).Grant.Split('.');
        var widened = $"{narrow[0]}.{System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(wide))}.{narrow[2]}";
        var unsigned = $"{System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none","typ":"fleet-grant+jwt"}"""u8)}.{widened.Split('.')[1]}.";
        string[] forged =
        [
            forger.Sign(wide).Grant, widened, unsigned, signer.Sign(wide, type: "at+jwt").Grant, signer.Compact("{}"), signer.Compact("[]"), signer.Compact("nonsense"),
            signer.Sign(wide with { ExpiresAt = long.MaxValue }).Grant, "", "a.b.c", new string('x', 100_000)
        ];
        foreach (var grant in forged)
            Assert.That((await CheckGrant.CheckAsync(grant, signer.Keys, Self)).Grant, Is.Null, grant[..Math.Min(60, grant.Length)]);
        Assert.That((await CheckGrant.CheckAsync(signer.Sign(wide).Grant, signer.Keys, Self)).Grant, Is.Not.Null, "the twin");
        foreach (var keys in new[] { "", "{}", "[]", "nonsense", """{"keys":[]}""", forger.Keys })
            Assert.That((await CheckGrant.CheckAsync(signer.Sign(wide).Grant, keys, Self)).Grant, Is.Null, keys);
    }

    private static Task<(Grant? Grant, string? Fault)> CheckAsync(SignedGrant signed) => CheckGrant.CheckAsync(signed.Grant, signed.Keys, Self);
}
