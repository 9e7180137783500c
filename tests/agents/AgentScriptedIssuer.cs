using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Web;
using Fleet.Cli.Local;

namespace Fleet.Agents.Tests;

/// <summary>An issuer on loopback that answers each request with the next line of its script, and keeps what it was asked.</summary>
internal sealed class AgentScriptedIssuer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<(int Status, string Body, string? Location)> script = new();

    public AgentScriptedIssuer()
    {
        Origin = $"http://127.0.0.1:{Ports.Free()}";
        listener.Prefixes.Add($"{Origin}/");
        listener.Start();
        _ = AnswerAsync();
    }

    public string Origin { get; }

    /// <summary>Path, form and proof of each request.</summary>
    public ConcurrentQueue<(string Path, System.Collections.Specialized.NameValueCollection Form, string? Proof)> Asked { get; } = new();

    /// <summary>Of its answers; null sends the real time.</summary>
    public DateTimeOffset? Date { get; set; }

    public AgentScriptedIssuer Says(string body, int status = 200, string? location = null)
    {
        script.Enqueue((status, body, location));
        return this;
    }

    public AgentScriptedIssuer Refuses(string error, string description = "because") => Says($$"""{"error":"{{error}}","error_description":"{{description}}"}""", 400);

    /// <summary>Answers of an issuer that gives a code at once.</summary>
    public AgentScriptedIssuer GivesCode(int interval = 5, int expiresIn = 900) =>
        Says($$"""{"device_code":"d3v1ce","user_code":"BCDF-GHJK","verification_uri":"{{Origin}}/device","verification_uri_complete":"{{Origin}}/device?user_code=BCDF-GHJK","expires_in":{{expiresIn}},"interval":{{interval}}}""");

    public AgentScriptedIssuer GivesRegion(string amqps = "amqps://mq.example:5671") => Says($$"""[{"name":"local","country":"AT","api":"{{Origin}}","amqps":"{{amqps}}","grpc":null}]""");

    public AgentScriptedIssuer GivesTokens(string refresh = "acme.acme-hq.r1") =>
        Says($$"""{"access_token":"a.b.c","token_type":"Bearer","expires_in":1200,"scope":"read-grant","refresh_token":"{{refresh}}","tenant":"acme","site":"hq","agent":"acme-hq"}""");

    public void Dispose() => listener.Close();

    private async Task AnswerAsync()
    {
        while (true)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                Asked.Enqueue((context.Request.Url!.AbsolutePath, HttpUtility.ParseQueryString(await reader.ReadToEndAsync()), context.Request.Headers["DPoP"]));
                var (status, body, location) = script.TryDequeue(out var next) ? next : (400, """{"error":"the script is over"}""", null);
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                if (location is not null) context.Response.RedirectLocation = location;
                if (Date is { } date) context.Response.Headers["Date"] = date.ToString("R");
                context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
