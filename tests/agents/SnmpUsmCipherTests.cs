using System.Buffers.Binary;
using System.Security.Cryptography;
using Fleet.Snmp.Usm;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

public class SnmpUsmCipherTests
{
    // NIST SP 800-38A F.3.13, F.3.15, F.3.17 (CFB128): its initialisation vector 00 01 … 0f read as RFC 3826 §3.1.2.1 lays one out: boots, time, salt.
    private const string Text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";

    [TestCase(UsmPrivProtocol.Aes128, "2b7e151628aed2a6abf7158809cf4f3c", "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b")]
    [TestCase(UsmPrivProtocol.Aes192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a")]
    [TestCase(UsmPrivProtocol.Aes256Reeder, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b")]
    public void AES_in_CFB_mode_is_that_of_NIST(UsmPrivProtocol protocol, string key, string encrypted)
    {
        var salt = new byte[8];
        var made = Encrypt(new(protocol, Convert.FromHexString(key)), Convert.FromHexString(Text), 0x00010203, 0x04050607, 0x08090a0b0c0d0e0f, salt);
        Assert.That(Convert.ToHexStringLower(made), Is.EqualTo(encrypted));
        Assert.That(BinaryPrimitives.ReadUInt64BigEndian(salt), Is.EqualTo(0x08090a0b0c0d0e0f));
    }

#pragma warning disable CA5351 // the peer of our DES is the framework's
    [Test]
    public void DES_takes_boots_and_counter_as_salt_and_its_keys_end_as_pre_iv()
    {
        var key = Convert.FromHexString("0123456789abcdef1032547698badcfe");
        var salt = new byte[8];
        var made = Encrypt(new(UsmPrivProtocol.Des, key), Convert.FromHexString(Text), 7, 99, 0xffff_ffff_0000_0102, salt);
        using var des = DES.Create();
        des.Key = key[..8];
        var iv = key[8..].Zip(salt, (a, b) => (byte)(a ^ b)).ToArray();
        Assert.That(Convert.ToHexStringLower(salt), Is.EqualTo("0000000700000102"), "RFC 3414 §8.1.1.1");
        Assert.That(made, Is.EqualTo(des.EncryptCbc(Convert.FromHexString(Text), iv, PaddingMode.None)));
    }
#pragma warning restore CA5351

    [Test]
    public void What_was_encrypted_comes_back([Values] UsmPrivProtocol protocol)
    {
        var cipher = new UsmCipher(protocol, [.. Enumerable.Range(1, protocol.KeyLength).Select(i => (byte)(i * 7))]);
        Prop.ForAll<byte[], int, ulong>((text, time, salt) =>
        {
            if (text.Length == 0) return true;
            var parameters = new byte[8];
            var made = Encrypt(cipher, text, 3, Math.Abs(time % 1000), salt, parameters);
            var buffer = new byte[UsmCipher.Room(made.Length)];
            made.CopyTo(buffer, 0);
            return cipher.TryDecrypt(buffer, made.Length, 3, Math.Abs(time % 1000), parameters) && buffer.AsSpan(0, text.Length).SequenceEqual(text)
                && (text.Length < 8 || !made.AsSpan().StartsWith(text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [TestCase(UsmPrivProtocol.Des, 9, 8)]
    [TestCase(UsmPrivProtocol.Des, 16, 7)]
    [TestCase(UsmPrivProtocol.Des, 0, 8)]
    [TestCase(UsmPrivProtocol.Aes128, 16, 0)]
    [TestCase(UsmPrivProtocol.Aes256, 5, 9)]
    public void What_cannot_be_a_text_of_this_cipher_is_refused(UsmPrivProtocol protocol, int length, int saltLength) =>
        Assert.That(new UsmCipher(protocol, [.. Enumerable.Range(1, protocol.KeyLength).Select(i => (byte)i)]).TryDecrypt(new byte[64], length, 1, 1, new byte[saltLength]), Is.False);

    private static byte[] Encrypt(UsmCipher cipher, byte[] text, int boots, int time, ulong salt, byte[] parameters)
    {
        var buffer = new byte[UsmCipher.Room(text.Length)];
        text.CopyTo(buffer, 0);
        return buffer[..cipher.Encrypt(buffer, text.Length, boots, time, salt, parameters)];
    }
}
