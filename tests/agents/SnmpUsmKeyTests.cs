using System.Security.Cryptography;
using System.Text;
using Fleet.Snmp;
using Fleet.Snmp.Usm;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

/// <summary>Digests and keys against the numbers their standards print.</summary>
public class SnmpUsmKeyTests
{
    // RFC 3414 §A.3 and draft-reeder-snmpv3-usm-3desede appendix B
    private static readonly SnmpEngineId Engine = new(Convert.FromHexString("000000000000000000000002"));
    private static readonly byte[] Maplesyrup = "maplesyrup"u8.ToArray();

    [TestCase(UsmAuthProtocol.Md5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b")]
    [TestCase(UsmAuthProtocol.Sha1, "9fb5cc0381497b3793528939ff788d5d79145211", "6695febc9288e36282235fc7151f128497b38f3f")]
    public void Keys_are_those_of_RFC_3414(UsmAuthProtocol protocol, string ku, string kul)
    {
        var made = PasswordToKey.Ku(protocol, Maplesyrup);
        Assert.That((Hex(made), Hex(PasswordToKey.Localize(protocol, made, Engine))), Is.EqualTo((ku, kul)));
        Assert.That(Hex(PasswordToKey.Ku(protocol, "maplesyruq"u8)), Is.Not.EqualTo(ku));
    }

    [TestCase(UsmAuthProtocol.Md5, "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12")]
    [TestCase(UsmAuthProtocol.Sha1, "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c")]
    public void Reeders_extension_goes_on_as_his_draft_does(UsmAuthProtocol protocol, string key)
    {
        Assert.That(Hex(Extended(protocol, UsmPrivProtocol.Aes256Reeder)), Is.EqualTo(key));
        Assert.That(Hex(Extended(protocol, UsmPrivProtocol.Aes192Reeder)), Is.EqualTo(key[..48]));
    }

    [Test]
    public void Blumenthals_extension_hashes_what_it_has([Values] UsmAuthProtocol protocol)
    {
        var kul = PasswordToKey.Localize(protocol, PasswordToKey.Ku(protocol, Maplesyrup), Engine);
        var more = new byte[64];
        Digests.Hash(protocol, kul, more);
        Assert.That(Hex(Extended(protocol, UsmPrivProtocol.Aes256)), Is.EqualTo(Hex([.. kul, .. more])[..64]));
    }

    [Test]
    public void A_long_digest_needs_no_extension() =>
        Assert.That(Hex(Extended(UsmAuthProtocol.Sha512, UsmPrivProtocol.Aes256Reeder)), Is.EqualTo(Hex(Extended(UsmAuthProtocol.Sha512, UsmPrivProtocol.Aes256))));

    [TestCase("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [TestCase("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [TestCase("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    public void SHA_224_gives_the_digests_of_FIPS_180(string text, string digest)
    {
        var made = new byte[28];
        Sha224.Hash(Encoding.ASCII.GetBytes(text), made);
        Assert.That(Hex(made), Is.EqualTo(digest));
    }

    // With SHA-256's start and length it must be SHA-256: then only eight words and a cut tell SHA-224 from what the framework has.
    [Test]
    public void SHA_224s_compression_is_that_of_the_frameworks_SHA_256() => Prop.ForAll<byte[], byte>((bytes, times) =>
    {
        byte[] text = [.. Enumerable.Repeat(bytes, times % 20 + 1).SelectMany(b => b)];
        uint[] start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        var made = new byte[32];
        Sha224.Hash(start, [], text, made);
        return made.AsSpan().SequenceEqual(SHA256.HashData(text));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    // RFC 4231 §4, cases 1, 2, 6; cut to what RFC 7860 §4.2 sends
    [TestCase(UsmAuthProtocol.Sha224, 1, "896fb1128abbdf196832107cd49df33f")]
    [TestCase(UsmAuthProtocol.Sha256, 1, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da7")]
    [TestCase(UsmAuthProtocol.Sha384, 1, "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c")]
    [TestCase(UsmAuthProtocol.Sha512, 1, "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4")]
    [TestCase(UsmAuthProtocol.Sha224, 2, "a30e01098bc6dbbf45690f3a7e9e6d0f")]
    [TestCase(UsmAuthProtocol.Sha256, 2, "5bdcc146bf60754e6a042426089575c75a003f089d273983")]
    [TestCase(UsmAuthProtocol.Sha384, 2, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e")]
    [TestCase(UsmAuthProtocol.Sha512, 2, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd")]
    [TestCase(UsmAuthProtocol.Sha224, 6, "95e9a0db962095adaebe9b2d6f0dbce2")]
    [TestCase(UsmAuthProtocol.Sha256, 6, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c514")]
    public void MACs_are_those_of_RFC_4231_cut_as_RFC_7860_says(UsmAuthProtocol protocol, int testCase, string mac)
    {
        var (key, text) = testCase switch
        {
            1 => (Enumerable.Repeat<byte>(0x0b, 20).ToArray(), "Hi There"),
            2 => ("Jefe"u8.ToArray(), "what do ya want for nothing?"),
            _ => (Enumerable.Repeat<byte>(0xaa, 131).ToArray(), "Test Using Larger Than Block-Size Key - Hash Key First")
        };
        var made = new byte[protocol.MacLength];
        Digests.Mac(protocol, key, Encoding.ASCII.GetBytes(text), made);
        Assert.That(Hex(made), Is.EqualTo(mac));
    }

    [Test]
    public void The_mebibyte_is_hashed_once_for_a_user_and_a_key_made_once_for_an_engine()
    {
        var ring = new KeyRing();
        var user = new SnmpCredential.User("fleet", new(UsmAuthProtocol.Sha1, new("maplesyrup")), new(UsmPrivProtocol.Aes256Reeder, new("maplesyrup")));
        var same = new SnmpCredential.User("fleet", new(UsmAuthProtocol.Sha1, new("maplesyrup")), new(UsmPrivProtocol.Aes256Reeder, new("maplesyrup")));
        var other = new SnmpCredential.User("fleet", new(UsmAuthProtocol.Sha1, new("maplesyruq")), new(UsmPrivProtocol.Aes256Reeder, new("maplesyrup")));
        var first = ring.For(user, Engine);
        Assert.That(ring.For(same, Engine), Is.SameAs(first), "equal secrets are one user");
        Assert.That(ring.For(other, Engine), Is.Not.SameAs(first));
        Assert.That(ring.For(user, SnmpEngineId.Of(8072, "x"u8)), Is.Not.SameAs(first));
        Assert.That(ring.For(new("nobody"), Engine), Is.Null);
    }

    [Test]
    public void What_is_kept_is_bounded_and_what_is_used_stays()
    {
        var kept = new RecentlyUsed<int, string>(10);
        for (var i = 0; i < 1_000; i++)
        {
            kept.Set(i, $"{i}");
            Assert.That(kept.TryGet(0, out var used) && used == "0", Is.True);
            Assert.That(kept.Count, Is.LessThanOrEqualTo(22));
        }
        Assert.That(kept.TryGet(500, out _), Is.False);
        kept.Remove(0);
        Assert.That(kept.TryGet(0, out _), Is.False);
    }

    private static byte[] Extended(UsmAuthProtocol protocol, UsmPrivProtocol cipher) =>
        PasswordToKey.Extend(protocol, PasswordToKey.Localize(protocol, PasswordToKey.Ku(protocol, Maplesyrup), Engine), cipher, Engine);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
