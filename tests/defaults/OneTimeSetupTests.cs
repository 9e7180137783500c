using MassTransit;
using MassTransit.Middleware;

namespace Fleet.Defaults.Tests;

/// <summary>
/// Why a module's bus declares no exchange it publishes to (ModuleBus), and why the announcer waits for no publish without a bound. MassTransit 8.4 declares an
/// exchange once a channel, by OneTimeSetup. When these tests fail, the package has mended it.
/// </summary>
public class OneTimeSetupTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Whoever_comes_to_a_setup_that_has_failed_waits_for_ever()
    {
        var channel = new Channel();
        Assert.CatchAsync<IOException>(() => channel.OneTimeSetup<Channel>(() => Task.FromException(new IOException("the connection broke"))));
        var late = channel.OneTimeSetup<Channel>(() => Task.CompletedTask);
        await Task.WhenAny(late, Task.Delay(Moment));
        Assert.That(late.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_setup_with_nothing_to_do_cannot_fail_and_keeps_nobody()
    {
        var channel = new Channel();
        await channel.OneTimeSetup<Channel>(() => Task.CompletedTask);
        await channel.OneTimeSetup<Channel>(() => Task.FromException(new IOException("not done twice"))).WaitAsync(Moment);
    }

    private sealed class Channel : BasePipeContext;
}
