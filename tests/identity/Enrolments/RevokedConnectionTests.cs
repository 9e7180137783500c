using Fleet.Contracts.Edge.V1;
using Fleet.Identity.Tests.OAuth;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>An agent that was revoked is cut off at a real broker, though its token would hold for twenty minutes.</summary>
public class RevokedConnectionTests : EnrolmentFixture
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Its_connections_end_within_a_minute_and_so_do_those_it_opens_anew()
    {
        using var agent = new TestAgent(Running);
        using var other = new TestAgent(Running);
        var token = (await agent.EnrolAsync(Boss)).Text("access_token");
        await using var first = await BrokerLogin.ByAsync(token);
        await using var second = await BrokerLogin.ByAsync(token);
        await using var others = await BrokerLogin.ByAsync((await other.EnrolAsync(Boss)).Text("access_token"));

        await RevokeAsync();
        await EndsAsync(first);
        await EndsAsync(second);
        await using var again = await BrokerLogin.ByAsync(token);
        await EndsAsync(again);
        Assert.That(others.IsOpen, Is.True, "it is one of the same tenant and site, and nobody revoked it");
    }

    [Test]
    public async Task Let_in_again_it_stays_and_its_token_from_before_is_still_none()
    {
        using var agent = new TestAgent(Running);
        var before = (await agent.EnrolAsync(Boss)).Text("access_token");
        await RevokeAsync();
        var now = await agent.EnrolAsync(Boss);
        Assert.That(now.Text("agent"), Is.EqualTo("acme-hq"), "the same agent");
        await using var current = await BrokerLogin.ByAsync(now.Text("access_token"));
        await using var old = await BrokerLogin.ByAsync(before);

        await EndsAsync(old);
        Assert.That(current.IsOpen, Is.True);
        await using var channel = await current.CreateChannelAsync();
        Assert.That(await channel.BasicGetAsync(EdgeAccess.ControlQueue("acme", "acme-hq"), autoAck: true), Is.Null);
    }

    private async Task RevokeAsync() => (await Boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();

    private static async Task EndsAsync(IConnection connection)
    {
        await EndAsync(connection).WaitAsync(Bound);
        Assert.That(connection.CloseReason!.ReplyText, Does.Contain("revoked"));
    }

    private static Task EndAsync(IConnection connection)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        if (!connection.IsOpen)
            ended.TrySetResult();
        return ended.Task;
    }
}
