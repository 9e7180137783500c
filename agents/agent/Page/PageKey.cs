using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Page;

/// <summary>
/// The secret behind the local page: made anew at each start of the agent, kept in its state directory for whoever may read there (0600), gone when the agent ends. Sign-in tickets and form
/// tokens are HMAC-SHA-256 under it.
/// </summary>
internal sealed class PageKey(byte[] secret)
{
    public const int Octets = 32;

    public static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(5);

    private const string FileName = "page.key";

    /// <summary>The key of the running agent; null when no agent shows its page from this directory.</summary>
    /// <exception cref="UnauthorizedAccessException">It is not this user's.</exception>
    public static PageKey? Read(string stateDir)
    {
        var file = Path.Combine(stateDir, FileName);
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } key && Base64Url.IsValid(key) ? new(Base64Url.DecodeFromChars(key)) : null;
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string stateDir) => OwnFile.Write(Path.Combine(stateDir, FileName), Base64Url.EncodeToString(secret) + "\n");

    public static void Remove(string stateDir) => File.Delete(Path.Combine(stateDir, FileName));

    /// <summary>A sign-in key: until when it is good, a number used once, and the proof that whoever made it could read the file.</summary>
    public string Ticket(DateTimeOffset now, byte[] once)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{(now + TicketLife).ToUnixTimeSeconds()}.{Base64Url.EncodeToString(once)}");
        return $"{body}.{Proof("ticket", body)}";
    }

    /// <summary>True for a ticket of this key whose time is not over. That it is used once only is the sessions' business.</summary>
    public bool Holds(string ticket, DateTimeOffset now) =>
        ticket.LastIndexOf('.') is > 0 and var end && Same(ticket[(end + 1)..], Proof("ticket", ticket[..end]))
        && long.TryParse(ticket.AsSpan(0, ticket.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && now.ToUnixTimeSeconds() <= until;

    /// <summary>What a form of this session must bring along.</summary>
    public string FormToken(string session) => Proof("form", session);

    public static bool Same(string? one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one ?? ""), Encoding.UTF8.GetBytes(other));

    private string Proof(string purpose, string text) => Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{purpose}\n{text}")));
}
