using Fleet.Agent.Granting;
using Fleet.Agent.Publishing;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A keeper of grants against an API on loopback that can go away.</summary>
public abstract class AgentGrantKeeper : AgentHome
{
    private readonly StringWriter lines = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private Fleet.Agent.Spooling.Spool? spool;

    private protected AgentTokenIssuer Api { get; private set; } = null!;

    protected string Log => lines.ToString();

    [SetUp]
    public async Task Start()
    {
        lines.GetStringBuilder().Clear();
        var key = SigningKey.Open(Path.Combine(Home, "signing.pem"));
        Api = new(new TestBroker(new Dictionary<string, string>(), 0, "", key.PrivateFile, key.KeyId, "", 0));
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), Api.Secret);
    }

    [TearDown]
    public void Stop()
    {
        Api.Dispose();
        spool?.Dispose();
        spool = null;
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        http.Dispose();
        lines.Dispose();
    }

    protected KeepGrant Keeper()
    {
        var config = Config(Home, tokenUrl: Api.Url);
        spool ??= Open(Home);
        return new(
            Path.Combine(Home, "grant.json"), new("acme-hq", "acme", "hq"), new(config, http, new TokenSource(config, http, SystemClock, Around().Log)), new(spool, SystemClock, Around(lines).Log),
            () => 0.5, SystemClock, Around(lines).Log);
    }
}
