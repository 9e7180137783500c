using Fleet.Defaults;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Clients;

/// <summary>The public keys of a client that signs.</summary>
public static class ClientKeys
{
    private const int Most = 5;

    /// <summary>Null when all of them are keys we can verify with, each told from the others by its id.</summary>
    public static string? Fault(IReadOnlyList<PublicKey> keys) => keys switch
    {
        { Count: 0 or > Most } => $"its jwks has {keys.Count} keys; 1 to {Most} are meant",
        _ when keys.FirstOrDefault(key => key is not { Kty: "EC", Crv: "P-256", Alg: "ES256" or null, Use: "sig" or null } || ProofKey.Of(key.X, key.Y) is null) is { } wrong => $"key '{wrong.Kid}' of its jwks is no public P-256 key to sign with (ES256)",
        _ when keys.Any(key => string.IsNullOrEmpty(key.Kid)) || keys.DistinctBy(key => key.Kid).Count() < keys.Count => "each key of its jwks needs a kid of its own",
        _ => null,
    };
}
