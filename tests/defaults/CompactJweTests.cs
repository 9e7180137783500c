using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Defaults.Tests;

/// <summary>What is sealed for one key, and who opens it.</summary>
public class CompactJweTests
{
    private static readonly SealingKey Own = SealingKey.Of(New()), Another = SealingKey.Of(New());

    [Test]
    public void The_key_agreed_on_is_that_of_RFC_7518_appendix_C()
    {
        byte[] agreed = [158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196];
        Assert.That(Base64Url.EncodeToString(CompactJwe.Derive(agreed, "A128GCM", 128, "Alice", "Bob")), Is.EqualTo("VqqN6vgjbSBcIijNcacQGg"));
    }

    [Test]
    public void It_is_opened_by_whom_it_is_for_and_by_nobody_else()
    {
        var jwe = CompactJwe.SealFor(Own.Published, "a secret"u8);
        Assert.That(Encoding.UTF8.GetString(CompactJwe.Open(Own, jwe)!), Is.EqualTo("a secret"));
        Assert.That(CompactJwe.Open(Another, jwe), Is.Null);
        Assert.That(CompactJwe.Open(new byte[32], jwe), Is.Null);
        Assert.That(jwe, Does.Not.Contain(Base64Url.EncodeToString("a secret"u8)));
    }

    [Test]
    public void A_digit_changed_anywhere_is_noticed()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        foreach (var (jwe, open) in new (string, Func<string, byte[]?>)[] { (CompactJwe.SealFor(Own.Published, "a secret"u8), text => CompactJwe.Open(Own, text)), (CompactJwe.SealUnder(key, "a secret"u8), text => CompactJwe.Open(key, text)) })
        {
            Assert.That(open(jwe), Is.Not.Null, "the twin");
            // Not the last letter of a part: of some only the upper bits count.
            foreach (var at in Enumerable.Range(0, jwe.Length - 1).Where(at => jwe[at] != '.' && jwe[at + 1] != '.'))
                Assert.That(open($"{jwe[..at]}{(jwe[at] == 'A' ? 'B' : 'A')}{jwe[(at + 1)..]}"), Is.Null, $"at {at}");
        }
    }

    [Test]
    public void A_region_has_one_secret_and_two_keys_the_same_at_every_start()
    {
        var signing = New();
        var published = RegionKeys.Of(signing).Keys;
        Assert.That(published.Select(key => key.Use), Is.EqualTo(new[] { "sig", "enc" }));
        Assert.That(published[0].X, Is.Not.EqualTo(published[1].X));
        Assert.That(SealingKey.Of(signing).Published, Is.EqualTo(published[1]));
    }

    private static Es256Key New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Es256Key.Of(key.ExportPkcs8PrivateKeyPem());
    }
}
