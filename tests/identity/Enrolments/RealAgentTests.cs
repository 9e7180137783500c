using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using RabbitMQ.Client;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>The agent's own program is let in by a running identity, and logs in at a real broker.</summary>
public class RealAgentTests
{
    private RunningIdentity _identity = null!;
    private TestServers _servers = null!;
    private HttpClient _boss = null!;
    private string _directory = "", _config = "";

    private static AgentLog Log => new(TestContext.Out, TestClock.Real);

    [SetUp]
    public async Task Start()
    {
        _servers = await SharedServers.StartedAsync();
        _identity = await StartAsync(Client("dealer", "provider-admin", provider: "demo-dealer"), Client("boss", "customer-admin", tenant: "acme"));
        using var dealer = await _identity.AsAsync("dealer");
        (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
        (await dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        _boss = await _identity.AsAsync("boss");
        _directory = Directory.CreateTempSubdirectory("fleet-real-agent-").FullName;
        _config = Path.Combine(_directory, "config.json");
    }

    [TearDown]
    public async Task Stop()
    {
        _boss.Dispose();
        await _identity.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task It_shows_a_code_is_approved_and_publishes_under_its_own_key()
    {
        await EnrolAsync();
        var config = ReadConfig.From(_config);
        using var spool = Spool.Open(config.StateDir, new(config.AgentId, config.Tenant, config.Site), new(1 << 20, TimeSpan.FromDays(1)), new byte[32]);
        using var http = TokenSource.Http(ServerTrust.From(config.Broker.CaFile), proxy: null);
        using var tokens = new TokenSource(config, http, TestClock.Real, Log, spool.Key);
        var token = await tokens.GetAsync(CancellationToken.None);
        await using var link = await BrokerLink.OpenAsync(config, ServerTrust.From(config.Broker.CaFile), token, TestClock.Real, CancellationToken.None);
        await using var admin = await new ConnectionFactory { Uri = new(_servers.Broker.Services["fleet-admin"]) }.CreateConnectionAsync();
        await using var queue = await admin.CreateChannelAsync();
        await queue.QueueBindAsync((await queue.QueueDeclareAsync("", durable: false, exclusive: true)).QueueName, EdgeBatch.Exchange, "acme.hq.#");
        spool.Accept([new(EdgeBatch.ReadingLane, EdgeEventTypes.AgentHealth, null, "{}"u8.ToArray(), null)], [], TestClock.Real.GetUtcNow());
        await link.PublishAsync(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0], CancellationToken.None);

        tokens.Forget(token);
        Assert.That((await tokens.GetAsync(CancellationToken.None)).Value, Is.Not.EqualTo(token.Value), "renewed");
        var listed = (await _boss.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/enrolments")).GetProperty("items")[0];
        Assert.That(listed.GetProperty("keyId").GetString(), Is.EqualTo(spool.Key.Id));
    }

    [Test]
    public async Task Revoked_it_is_told_to_enrol_again_and_is_itself_when_it_does()
    {
        await EnrolAsync();
        (await _boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        var config = ReadConfig.From(_config);
        using (var state = Spool.Open(config.StateDir, new(config.AgentId, config.Tenant, config.Site), new(1 << 20, TimeSpan.FromDays(1)), new byte[32]))
        using (var http = TokenSource.Http(ServerTrust.From(config.Broker.CaFile), proxy: null))
        using (var tokens = new TokenSource(config, http, TestClock.Real, Log, state.Key))
            Assert.That(Failure.Of(Assert.CatchAsync(() => tokens.GetAsync(CancellationToken.None))!, config, doubt: null).Line, Does.Contain("no longer enrolled"));
        Assert.That(await EnrolAsync(), Is.EqualTo("acme-hq"));
    }

    // Runs `fleet-agent enrol`, and approves what it shows as a person would: by the code, with the fingerprint compared.
    private async Task<string> EnrolAsync()
    {
        using var agent = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(TestContext.CurrentContext.TestDirectory, "fleet-agent.dll"), "enrol", "--json", "--api", _identity.Issuer, "--config", _config, "--ca", _servers.Broker.CaFile,
        ])
        { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var invitation = JsonDocument.Parse((await agent.StandardOutput.ReadLineAsync(patience.Token))!).RootElement;
            using var approved = await _boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments",
                new { userCode = invitation.GetProperty("userCode").GetString(), site = "hq", keyId = invitation.GetProperty("keyId").GetString() }, patience.Token);
            Assert.That((int)approved.StatusCode, Is.EqualTo(201), await approved.Content.ReadAsStringAsync(patience.Token));
            var last = await agent.StandardOutput.ReadLineAsync(patience.Token);
            await agent.WaitForExitAsync(patience.Token);
            Assert.That(agent.ExitCode, Is.Zero, last);
            return JsonDocument.Parse(last!).RootElement.GetProperty("agentId").GetString()!;
        }
        finally
        {
            if (!agent.HasExited)
                agent.Kill();
        }
    }
}
