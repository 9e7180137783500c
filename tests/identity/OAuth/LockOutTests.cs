using Fleet.Identity.OAuth;
using Fleet.Testing;

namespace Fleet.Identity.Tests.OAuth;

public class LockOutTests
{
    [Test]
    public void Four_wrong_secrets_cost_nothing_the_fifth_a_second()
    {
        var lockOut = new LockOut(new StoppedClock());
        Fail(lockOut, 4);
        Assert.That(lockOut.Wait("boss"), Is.Null);
        Fail(lockOut, 1);
        Assert.That(lockOut.Wait("boss"), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Each_further_one_doubles_the_wait_up_to_a_minute()
    {
        var lockOut = new LockOut(new StoppedClock());
        Fail(lockOut, 8);
        Assert.That(lockOut.Wait("boss"), Is.EqualTo(TimeSpan.FromSeconds(8)));
        Fail(lockOut, 100);
        Assert.That(lockOut.Wait("boss"), Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void The_wait_ends()
    {
        var clock = new StoppedClock();
        var lockOut = new LockOut(clock);
        Fail(lockOut, 20);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(lockOut.Wait("boss"), Is.Null);
    }

    [Test]
    public void Waiting_long_is_forgiven()
    {
        var clock = new StoppedClock();
        var lockOut = new LockOut(clock);
        Fail(lockOut, 20);
        clock.Advance(TimeSpan.FromMinutes(15));
        Fail(lockOut, 4);
        Assert.That(lockOut.Wait("boss"), Is.Null);
    }

    [Test]
    public void A_right_secret_forgets_the_wrong_ones()
    {
        var lockOut = new LockOut(new StoppedClock());
        Fail(lockOut, 4);
        lockOut.Succeeded("boss");
        Fail(lockOut, 4);
        Assert.That(lockOut.Wait("boss"), Is.Null);
    }

    [Test]
    public void Another_client_does_not_wait()
    {
        var lockOut = new LockOut(new StoppedClock());
        Fail(lockOut, 20);
        Assert.That(lockOut.Wait("tech"), Is.Null);
    }

    [Test]
    public void A_flood_of_names_takes_no_more_memory_than_allowed()
    {
        var lockOut = new LockOut(new StoppedClock(), capacity: 100);
        for (var i = 0; i < 1000; i++)
            lockOut.Failed($"name-{i}");
        Fail(lockOut, 5);
        Assert.That(lockOut.Remembered, Is.EqualTo(100));
        Assert.That(lockOut.Wait("boss"), Is.Not.Null, "who failed last is remembered");
    }

    private static void Fail(LockOut lockOut, int times)
    {
        for (var i = 0; i < times; i++)
            lockOut.Failed("boss");
    }
}
