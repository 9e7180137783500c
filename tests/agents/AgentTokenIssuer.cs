using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agents.Tests;

/// <summary>A token endpoint on loopback: client credentials against tokens the test broker believes; and the grants of a customer who allows everything.</summary>
internal sealed class AgentTokenIssuer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly GrantSigner grants = new();
    private readonly TestBroker broker;

    public AgentTokenIssuer(TestBroker broker)
    {
        this.broker = broker;
        var port = Ports.Free();
        Url = $"http://127.0.0.1:{port}/oauth/token";
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _ = AnswerAsync();
    }

    public string Url { get; }
    public string Scope { get; set; } = "rabbitmq.write:fleet/edge/acme.hq.*";
    public int LifeSeconds { get; set; } = 1200;
    public string Secret { get; init; } = "s3cret";
    public int Issued { get; private set; }

    /// <summary>What its grants open.</summary>
    public string[] FieldGroups { get; set; } = [.. ConsentWords.FieldGroups];

    /// <summary>Of the consents its grants come from.</summary>
    public long ConsentVersion { get; set; } = 1;

    /// <summary>The agent that has the site in place of the one that asks.</summary>
    public string? HeldBy
    {
        set => Conflict = value is null ? null : $$"""{"type":"https://fleet.example/problems/site-held","detail":"Held.","agent":"{{value}}","heldSeconds":180}""";
    }

    /// <summary>Problem details instead of a grant.</summary>
    public string? Conflict { get; set; }

    public void Dispose()
    {
        listener.Close();
        grants.Dispose();
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            if (context.Request.HttpMethod == "GET")
            {
                var path = context.Request.Url!.AbsolutePath;
                if (path == EdgeGrant.Path("acme", "hq") && context.Request.Headers["Authorization"] is null) Answer(context, "{}", 401);
                else Answer(context, Conflict ?? Grants(path), Conflict is null ? 200 : 409);
                continue;
            }
            var known = context.Request.Headers["Authorization"] == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"acme-hq:{Secret}"));
            if (known) Issued++;
            var body = known ? $$"""{"access_token":"{{Token()}}","token_type":"Bearer","expires_in":{{LifeSeconds}}}""" : """{"error":"invalid_client"}""";
            Answer(context, body, known ? 200 : 401);
        }
    }

    private string Grants(string path) => path == EdgeGrant.KeysPath
        ? grants.Keys
        : JsonSerializer.Serialize(new { grant = grants.Sign(GrantSigner.Of(AgentSamples.SystemClock.GetUtcNow(), TimeSpan.FromHours(24), FieldGroups) with { Id = $"{ConsentVersion}-x" }).Grant });

    private static void Answer(HttpListenerContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
    }

    private string Token()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(broker.SigningKeyFile));
        var now = AgentSamples.SystemClock.GetUtcNow().ToUnixTimeSeconds();
        var head = Encode($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{broker.KeyId}}"}""");
        var body = Encode($$"""{"iss":"http://127.0.0.1","sub":"acme-hq","aud":"rabbitmq","scope":"{{Scope}}","iat":{{now}},"exp":{{now + LifeSeconds}},"jti":"{{Issued}}"}""");
        return $"{head}.{body}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
