using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fleet.Identity.OAuth;
using Fleet.Identity.Proofs;
using static Fleet.Identity.Tests.Enrolments.TestAgent;

namespace Fleet.Identity.Tests.Proofs;

public class CheckProofTests
{
    private const string Address = "https://fleet.example/oauth/token";
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [OneTimeTearDown]
    public void Forget() => _key.Dispose();

    [Test]
    public async Task A_proof_made_just_now_for_this_request_holds()
    {
        var (proof, error) = await CheckAsync(Good());
        Assert.That((proof?.Id, error), Is.EqualTo(("one", (object?)null)));
        Assert.That(proof!.Key.Id, Has.Length.EqualTo(43));
    }

    [TestCase("https://fleet.example/oauth/device_authorization")]
    [TestCase("https://other.example/oauth/token")]
    [TestCase("http://fleet.example/oauth/token")]
    [TestCase("oauth/token")]
    public async Task A_proof_for_another_address_does_not(string address) =>
        Assert.That(await FaultAsync(ProofOf(_key, address, "POST", Now, "one")), Does.Contain("another address"));

    [TestCase("https://FLEET.example:443/oauth/token")]
    [TestCase("https://fleet.example/oauth/token?x=1#y")]
    public async Task One_address_can_be_written_in_several_ways(string address) =>
        Assert.That(await FaultAsync(ProofOf(_key, address, "POST", Now, "one")), Is.Null);

    [Test]
    public async Task A_service_may_be_reached_under_two_names_and_no_third()
    {
        string[] both = ["http://inside:8080/oauth/token", Address];
        Assert.That((await CheckProof.OfAsync([Good()], "POST", both, Now)).Error, Is.Null);
        Assert.That((await CheckProof.OfAsync([ProofOf(_key, "http://inside:8081/oauth/token", "POST", Now, "one")], "POST", both, Now)).Error!.Description, Does.Contain("another address"));
    }

    [Test]
    public async Task A_proof_for_another_method_does_not() => Assert.That(await FaultAsync(ProofOf(_key, Address, "GET", Now, "one")), Does.Contain("another method"));

    [TestCase(-121, "121 s behind")]
    [TestCase(121, "121 s ahead")]
    [TestCase(-119, null)]
    [TestCase(119, null)]
    public async Task A_clock_that_is_wrong_is_named(int seconds, string? fault)
    {
        var said = await FaultAsync(ProofOf(_key, Address, "POST", Now.AddSeconds(seconds), "one"));
        Assert.That(said, fault is null ? Is.Null : Does.Contain(fault).And.Contain("clock"));
    }

    [Test]
    public async Task A_proof_of_another_type_signed_otherwise_or_with_its_secret_key_in_it_does_not()
    {
        Assert.That(await FaultAsync(ProofOf(_key, Address, "POST", Now, "one", type: "JWT")), Does.Contain("is not 'dpop+jwt'"));
        Assert.That(await FaultAsync(ProofOf(_key, Address, "POST", Now, "one", algorithm: "none")), Does.Contain("is not 'dpop+jwt'"));
        Assert.That(await FaultAsync(ProofOf(_key, Address, "POST", Now, "one", secret: true)), Does.Contain("no public P-256 key"));
        Assert.That(await FaultAsync(ProofOf(_key, Address, "POST", Now, "")), Does.Contain("jti"));
    }

    [Test]
    public async Task A_proof_signed_by_another_key_than_the_one_in_it_does_not()
    {
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = Good().Split('.');
        var forged = Base64Url.EncodeToString(thief.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256));
        Assert.That(await FaultAsync($"{parts[0]}.{parts[1]}.{forged}"), Does.Contain("is not 'dpop+jwt'"));
        Assert.That(await FaultAsync(string.Join('.', parts)), Is.Null, "the twin");
    }

    [Test]
    public async Task None_two_and_nonsense_are_told_apart_and_refused()
    {
        Assert.That((await CheckProof.OfAsync([], "POST", [Address], Now)).Error!.Description, Does.Contain("missing"));
        Assert.That((await CheckProof.OfAsync([Good(), Good()], "POST", [Address], Now)).Error!.Description, Does.Contain("once"));
        foreach (var nonsense in new[] { "x", "a.b.c", "..", "eyJhbGciOiJFUzI1NiJ9.e30.", new string('x', 5000) })
            Assert.That(await FaultAsync(nonsense), Is.Not.Null, nonsense);
    }

    [Test]
    public void A_key_written_in_another_way_is_no_key()
    {
        var x = Base64Url.EncodeToString(new byte[32]);
        Assert.That(ProofKey.Of(x, x), Is.Not.Null);
        foreach (var other in new[] { x + "=", x[..42], "B" + x, x[..42] + "B" })
            Assert.That(ProofKey.Of(x, other), Is.Null, other);
    }

    private string Good() => ProofOf(_key, Address, "POST", Now, "one");

    private static Task<(Proof? Proof, TokenError? Error)> CheckAsync(string proof) => CheckProof.OfAsync([proof], "POST", [Address], Now);

    private static async Task<string?> FaultAsync(string proof) => (await CheckAsync(proof)).Error?.Description;
}
