using Fleet.Agent.Publishing;
using Fleet.Cli.Testing;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>One source of tokens for the whole agent.</summary>
public class AgentTokenTests
{
    private TestRabbitMq rabbit = null!;
    private AgentBroker edge = null!;
    private HttpClient http = null!;
    private TokenSource tokens = null!;

    [OneTimeSetUp]
    public async Task Start() => rabbit = await TestRabbitMq.OpenAsync(SystemClock);

    [OneTimeTearDown]
    public async Task Stop() => await rabbit.DisposeAsync();

    [SetUp]
    public async Task Open()
    {
        edge = await AgentBroker.OpenAsync(rabbit.Broker);
        http = TokenSource.Http(ServerTrust.From(edge.Config.Broker.CaFile), proxy: null);
        tokens = new(edge.Config, http, SystemClock, Around().Log);
    }

    [TearDown]
    public async Task Close()
    {
        tokens.Dispose();
        http.Dispose();
        await edge.DisposeAsync();
    }

    [Test]
    public async Task Many_who_need_a_token_at_once_share_one()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(CancellationToken.None)));
        Assert.That((all.Distinct().Count(), edge.Issuer.Issued), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_token_near_its_end_is_replaced()
    {
        edge.Issuer.LifeSeconds = 1;
        var first = await tokens.GetAsync(CancellationToken.None);
        await Eventually(() => SystemClock.GetUtcNow() > first.RefreshAt, "three quarters of a second");
        Assert.That(await tokens.GetAsync(CancellationToken.None), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task A_token_somebody_turned_down_is_replaced_once_however_many_say_so()
    {
        var first = await tokens.GetAsync(CancellationToken.None);
        tokens.Forget(first);
        var second = await tokens.GetAsync(CancellationToken.None);
        tokens.Forget(first);
        Assert.That(await tokens.GetAsync(CancellationToken.None), Is.SameAs(second));
        Assert.That((second.Value != first.Value, edge.Issuer.Issued), Is.EqualTo((true, 2)));
    }
}
