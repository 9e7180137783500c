using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Page;
using Fleet.Cli.Local;
using Fleet.Contracts.Consent.V1;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A whole agent with its page, one scripted printer, a grant kept from an earlier run, and no way to anywhere beyond loopback: nobody answers as broker or API.</summary>
internal sealed partial class PageAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(20) });
    private readonly SnmpScriptedDevice device;
    private readonly Fleet.Agent.Spooling.Spool spool;
    private readonly Task running;

    private PageAgent(string directory, SnmpScriptedDevice device, AgentConfig config, TextWriter lines)
    {
        (Directory, this.device, Config) = (directory, device, config);
        spool = AgentRun.OpenSpool(config, Around(lines));
        running = AgentRun.RunAsync(config, spool, Around(lines), stop.Token);
    }

    public string Directory { get; }
    public AgentConfig Config { get; }
    public string? Cookie { get; set; }

    public string Origin => $"http://127.0.0.1:{Config.PagePort}";

    /// <param name="objects">What the printer holds; it answers at 127.0.0.1.</param>
    /// <param name="asked">Told of every object the printer is asked.</param>
    /// <param name="groups">What the grant opens; everything when left out.</param>
    /// <param name="tokenUrl">Of somebody who answers as issuer and API.</param>
    /// <param name="prepare">Called with the state directory before the agent starts.</param>
    public static async Task<PageAgent> StartAsync(IReadOnlyDictionary<string, SnmpValue> objects, Action<Oid>? asked = null, string[]? groups = null, Action<string>? prepare = null, TextWriter? lines = null, int? port = null, string? tokenUrl = null)
    {
        var directory = FreshDirectory();
        using var signer = new GrantSigner();
        var grant = signer.Sign(GrantSigner.Of(SystemClock.GetUtcNow(), TimeSpan.FromHours(24), groups ?? [.. ConsentWords.FieldGroups]));
        await File.WriteAllTextAsync(Path.Combine(directory, "grant.json"), JsonSerializer.Serialize(grant));
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), "s");
        prepare?.Invoke(directory);
        var device = new SnmpScriptedDevice(request =>
        {
            foreach (var one in request.Pdu.VarBinds) asked?.Invoke(one.Name);
            return [SnmpScriptedDevice.Answer(objects, request)];
        });
        var config = Fleet.Agents.Tests.AgentSamples.Config(directory, brokerHost: "127.0.0.1", brokerPort: 9) with
        {
            Page = new(port ?? Ports.Free()),
            Targets = [new("127.0.0.1", device.EndPoint.Port)],
            AlertsEvery = TimeSpan.FromMilliseconds(200),
            SuppliesEvery = TimeSpan.FromMilliseconds(200),
            MetersEvery = TimeSpan.FromSeconds(2)
        };
        if (tokenUrl is not null) config = config with { TokenUrl = tokenUrl };
        var agent = new PageAgent(directory, device, config, lines ?? TextWriter.Null);
        await Eventually(() => File.Exists(Path.Combine(directory, "page.key")) || agent.running.IsCompleted || port is not null, "the page to open");
        return agent;
    }

    /// <summary>As `fleet-agent page` does, then the form.</summary>
    public async Task SignInAsync()
    {
        var answer = await PostAsync("/sign-in", [("key", Ticket())], token: false);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public string Ticket() => PageKey.Read(Directory)!.Ticket(SystemClock.GetUtcNow(), Around().FreshBytes(16));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, Action<HttpRequestHeaders>? headers = null)
    {
        var request = new HttpRequestMessage(method, Origin + path) { Content = body };
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        headers?.Invoke(request.Headers);
        return http.SendAsync(request);
    }

    public async Task<string> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(expected), text);
        return text;
    }

    /// <summary>A form as a browser sends it from the page itself.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, (string Name, string Value)[] fields, bool token = true, Action<HttpRequestHeaders>? headers = null)
    {
        var all = fields.ToList();
        if (token) all.Add((Layout.TokenField, await TokenAsync()));
        return await SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(all.Select(field => KeyValuePair.Create(field.Name, field.Value))), headers ?? (own => own.Add("Origin", Origin)));
    }

    public async Task<string> TokenAsync() => Token().Match(await GetAsync("/consents")).Groups[1].Value;

    /// <summary>A page's text once it has what is waited for.</summary>
    public async Task<string> UntilAsync(string path, Func<string, bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var text = await GetAsync(path);
            if (holds(text)) return text;
            if (patience.IsCancellationRequested) Assert.Fail($"Waited 20 s for {what}: {text}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await EndsAsync(running, "the agent");
        spool.Dispose();
        device.Dispose();
        http.Dispose();
        stop.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
