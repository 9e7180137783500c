using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.SignIn;

/// <summary>RFC 6238 with what every authenticator app understands: SHA-1, six digits, 30 s. (Otp.NET is not in the registry this builds from; this is §4 of it and of RFC 4226 §5.3.)</summary>
public static class Totp
{
    public const int SecretLength = 20;
    private const int Step = 30, Digits = 6;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648 §6

    /// <summary>The step a code belongs to: now, or one before or after for clocks that differ (§5.2); null when it is no code of those, or not newer than one shown before.</summary>
    /// <param name="used">The newest step that was shown.</param>
    public static long? StepOf(byte[] secret, string? code, DateTimeOffset now, long used)
    {
        var typed = new string([.. (code ?? "").Where(c => !char.IsWhiteSpace(c))]);
        var current = now.ToUnixTimeSeconds() / Step;
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step, Digits)), Encoding.UTF8.GetBytes(typed)) && step > used)
                found = step;
        return found;
    }

    public static string Code(byte[] secret, long step, int digits)
    {
        Span<byte> counter = stackalloc byte[8], mac = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // HMAC-SHA-1 is what the RFC and the apps have; its collisions do not matter here
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0xF)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>As a person types it.</summary>
    public static string Base32(byte[] secret)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var one in secret)
        {
            (bits, held) = (((bits << 8) | one) & 0xFFFF, held + 8);
            for (; held >= 5; held -= 5)
                text.Append(Alphabet[(bits >> (held - 5)) & 31]);
        }
        return held > 0 ? text.Append(Alphabet[(bits << (5 - held)) & 31]).ToString() : text.ToString();
    }

    /// <summary>What a QR code holds for the app.</summary>
    /// <param name="account">Which of the person's accounts it is; shown in the app.</param>
    public static string Address(byte[] secret, string account) => $"otpauth://totp/Fleet:{Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer=Fleet&algorithm=SHA1&digits={Digits}&period={Step}";
}
