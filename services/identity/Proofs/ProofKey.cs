using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.Proofs;

/// <summary>The public half of a P-256 key somebody proved to hold.</summary>
/// <param name="X">base64url of 32 bytes, as <paramref name="Y"/>.</param>
public sealed record ProofKey(string X, string Y)
{
    private const int Coordinate = 32;

    /// <summary>RFC 7638 thumbprint, base64url: the agent's own id of its key.</summary>
    public string Id { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>Null unless both are coordinates in the one way they can be written: a key written otherwise would have another id.</summary>
    public static ProofKey? Of(string? x, string? y) => IsCoordinate(x) && IsCoordinate(y) ? new(x!, y!) : null;

    private static bool IsCoordinate(string? text) =>
        text is not null && Base64Url.IsValid(text, out var length) && length == Coordinate && Base64Url.EncodeToString(Base64Url.DecodeFromChars(text)) == text;
}
