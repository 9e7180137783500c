using Fleet.Cli.Local;
using Fleet.Identity.Clients;

namespace Fleet.Identity.Tests.Clients;

public class SecretHashTests
{
    [Test]
    public void The_secret_matches_its_hash_and_no_other_does()
    {
        var hash = SecretHash.Parse(RunningIdentity.HashOf("right"))!;
        Assert.That(hash.Matches("right"), Is.True);
        Assert.That(hash.Matches("wrong"), Is.False);
    }

    [Test]
    public void What_the_command_line_writes_is_read() =>
        Assert.That(SecretHash.Parse(Secret.Hash("right"))!.Matches("right"), Is.True);

    [Test] // RFC 7914 §11, the first 32 bytes of its second PBKDF2-HMAC-SHA-256 vector
    public void A_published_vector_matches() =>
        Assert.That(new SecretHash(80_000, "NaCl"u8.ToArray(), Convert.FromHexString("4DDCD8F60B98BE21830CEE5EF22701F9641A4418D04C0414AEFF08876B34AB56")).Matches("Password"));

    [TestCase("")]
    [TestCase("plain")]
    [TestCase("pbkdf2-sha1$100000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("pbkdf2-sha256$9999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("pbkdf2-sha256$99999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("pbkdf2-sha256$100000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("pbkdf2-sha256$100000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    [TestCase("pbkdf2-sha256$100000$?$?")]
    public void What_is_weak_or_none_is_refused(string text) => Assert.That(SecretHash.Parse(text), Is.Null);

    [Test] // the twin
    public void The_same_in_good_order_is_taken() =>
        Assert.That(SecretHash.Parse("pbkdf2-sha256$100000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), Is.Not.Null);
}
