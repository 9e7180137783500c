using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>One source of tokens for the whole agent, and what they are good for at a real RabbitMQ.</summary>
public class AgentTokenTests : AgentAtBroker
{
    private HttpClient http = null!;
    private TokenSource tokens = null!;

    [SetUp]
    public void OpenTokens()
    {
        http = TokenSource.Http(ServerTrust.From(Edge.Config.Broker.CaFile), proxy: null);
        tokens = new(Edge.Config, http, SystemClock, Around().Log);
    }

    [TearDown]
    public void CloseTokens()
    {
        tokens.Dispose();
        http.Dispose();
    }

    [Test]
    public async Task Many_who_need_a_token_at_once_share_one()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(CancellationToken.None)));
        Assert.That((all.Distinct().Count(), Edge.Issuer.Issued), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_token_near_its_end_is_replaced()
    {
        Edge.Issuer.LifeSeconds = 1;
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
        Assert.That((second.Value != first.Value, Edge.Issuer.Issued), Is.EqualTo((true, 2)));
    }

    [Test]
    public async Task A_connection_outlives_its_token()
    {
        Edge.Issuer.LifeSeconds = 4;
        using var spool = Open(Edge.Directory);
        await using var agent = new AgentPublisher(Edge.Config, spool);
        await Eventually(() => Edge.Issuer.Issued >= 4, "the fourth token");
        spool.Accept(Entry("late"));
        agent.Publisher.Wake();
        await Eventually(() => spool.Tally.Sent == 1, "the batch sent under the fourth token");
        Assert.That(agent.Count("connected to"), Is.EqualTo(1), agent.Log);
    }

    [Test]
    public async Task Without_renewal_the_broker_refuses_the_old_token()
    {
        Edge.Issuer.LifeSeconds = 4;     // enough to log in with on a busy machine
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        var token = await tokens.GetAsync(CancellationToken.None);
        await using var link = await BrokerLink.OpenAsync(Edge.Config, ServerTrust.From(Edge.Config.Broker.CaFile), token, SystemClock, CancellationToken.None);
        await Eventually(() => SystemClock.GetUtcNow() > token.ExpiresAt.AddSeconds(2), "the token to expire");
        var thrown = Assert.CatchAsync(() => link.PublishAsync(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0], CancellationToken.None));
        TestContext.Out.WriteLine(Failure.Of(thrown!, Edge.Config, null).Line);
    }
}
