using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Identity.Proofs;
using Fleet.Testing;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>What an OAuth endpoint answered.</summary>
internal sealed record OAuthReply(int Status, JsonElement Body)
{
    public string? Error => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error) ? error.GetString() : null;

    public string Text(string name) => Body.GetProperty(name).GetString()!;
}

/// <summary>An agent as identity sees it: a key, and requests with proofs. It can be told to do wrong.</summary>
internal sealed class TestAgent(RunningIdentity identity) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _proofs;

    public ProofKey Key
    {
        get
        {
            var q = _key.ExportParameters(includePrivateParameters: false).Q;
            return new(Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
        }
    }

    /// <summary>Asks for a device code.</summary>
    public Task<OAuthReply> AskAsync() => SendAsync("/oauth/device_authorization", Proof("/oauth/device_authorization"), ("client_id", "fleet-agent"));

    public Task<OAuthReply> RedeemAsync(string deviceCode, string? proof = null) =>
        SendAsync("/oauth/token", proof ?? Proof("/oauth/token"), ("client_id", "fleet-agent"), ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", deviceCode));

    public Task<OAuthReply> RenewAsync(string refreshToken, string? proof = null) =>
        SendAsync("/oauth/token", proof ?? Proof("/oauth/token"), ("client_id", "fleet-agent"), ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    /// <summary>Asks, is approved with this person's token, redeems.</summary>
    public async Task<OAuthReply> EnrolAsync(HttpClient person, string site = "hq", string tenant = "acme")
    {
        var asked = await AskAsync();
        using var approved = await person.PostAsJsonAsync($"/api/v1/tenants/{tenant}/enrolments", new { userCode = asked.Text("user_code"), site });
        Assert.That((int)approved.StatusCode, Is.EqualTo(201), await approved.Content.ReadAsStringAsync());
        var tokens = await RedeemAsync(asked.Text("device_code"));
        Assert.That(tokens.Status, Is.EqualTo(200), tokens.Body.ToString());
        return tokens;
    }

    public async Task<OAuthReply> SendAsync(string path, string? proof, params (string Name, string Value)[] form)
    {
        using var http = identity.Http;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        if (proof is not null)
            request.Headers.Add(CheckProof.Header, proof);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>A proof for a path of this issuer, made now.</summary>
    public string Proof(string path, string method = "POST", TimeSpan ahead = default) =>
        ProofOf(_key, $"{identity.Issuer}{path}", method, identity.Service.Clock.GetUtcNow() + ahead, $"{Key.Id}-{Interlocked.Increment(ref _proofs)}");

    public static string ProofOf(ECDsa key, string address, string method, DateTimeOffset at, string id, string type = "dpop+jwt", string algorithm = "ES256", bool secret = false)
    {
        var parameters = key.ExportParameters(includePrivateParameters: secret);
        var jwk = new Dictionary<string, string> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(parameters.Q.X), ["y"] = Base64Url.EncodeToString(parameters.Q.Y) };
        if (secret)
            jwk["d"] = Base64Url.EncodeToString(parameters.D);
        var head = Encode(new { typ = type, alg = algorithm, jwk });
        var body = Encode(new { htm = method, htu = address, iat = at.ToUnixTimeSeconds(), jti = id });
        return $"{head}.{body}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
