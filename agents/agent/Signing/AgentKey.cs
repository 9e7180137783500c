using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Keeping;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Signing;

/// <summary>
/// The agent's own P-256 key: made in its state directory, readable by its user alone, and never anywhere else. Whoever must believe its signatures is told the
/// public half.
/// </summary>
public sealed class AgentKey : IDisposable
{
    private const string FileName = "agent.key";

    private readonly ECDsa key;

    private AgentKey(ECDsa key)
    {
        this.key = key;
        Jwk = PublicJwk(key);
        Id = Base64Url(SHA256.HashData(Encoding.UTF8.GetBytes(Jwk)));
    }

    /// <summary>RFC 7638 thumbprint of <see cref="Jwk"/>, base64url.</summary>
    public string Id { get; }

    /// <summary>The public half as RFC 7517 JSON, in the canonical form thumbprints are taken of.</summary>
    public string Jwk { get; }

    /// <summary>The key of this state directory; made when there is none.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="CryptographicException">The file is no P-256 key.</exception>
    public static AgentKey Open(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file)) Make(file);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (key.KeySize != 256) throw new CryptographicException($"{file} is no P-256 key");
            return new(key);
        }
        catch (Exception unusable) when (unusable is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CryptographicException($"{file} is no P-256 key: {unusable.Message}", unusable);
        }
    }

    /// <summary>ES256, r ‖ s, base64url.</summary>
    public string Sign(BatchStatement statement) => Sign(statement.Bytes);

    /// <inheritdoc cref="Sign(BatchStatement)"/>
    internal string Sign(byte[] bytes) => Base64Url(key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>Whether a signature over a statement is this key's.</summary>
    public bool HasSigned(BatchStatement statement, string signature) =>
        System.Buffers.Text.Base64Url.IsValid(signature) && statement.IsSignedBy(key, System.Buffers.Text.Base64Url.DecodeFromChars(signature));

    public void Dispose() => key.Dispose();

    // Whole or not at all: half a key would lock the agent out of its own state directory.
    private static void Make(string file)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        OwnFile.Write(file, fresh.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static string PublicJwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url(point.X!)}}","y":"{{Base64Url(point.Y!)}}"}""";
    }

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
