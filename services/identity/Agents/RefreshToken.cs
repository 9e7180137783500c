using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.Agents;

/// <summary>
/// What an agent shows for its next tokens: <c>{tenant}.{agent}.{32 random bytes, base64url}</c>. It names its stream, so that nothing has to be searched; slugs hold no dot.
/// </summary>
/// <param name="Hash">SHA-256 of the whole, hex: all that is kept of it.</param>
public sealed record RefreshToken(string Tenant, string Agent, string Text, string Hash)
{
    private const int Longest = 256;

    /// <param name="random">32 bytes nobody can guess.</param>
    public static RefreshToken Of(string tenant, string agent, byte[] random) => Of(tenant, agent, $"{tenant}.{agent}.{Base64Url.EncodeToString(random)}");

    /// <summary>Null when it has not even the form of one.</summary>
    public static RefreshToken? Read(string? text) =>
        text is { Length: <= Longest } && text.Split('.') is [var tenant, var agent, { Length: > 0 }] && Slug.Holds(tenant) && Slug.Holds(agent) ? Of(tenant, agent, text) : null;

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static RefreshToken Of(string tenant, string agent, string text) => new(tenant, agent, text, HashOf(text));
}
