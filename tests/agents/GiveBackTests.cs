using Fleet.Agent.Supervising;

namespace Fleet.Agents.Tests;

/// <summary>What the agent gives back to the machine it is a guest on.</summary>
public class GiveBackTests
{
    private const string Program = "/opt/fleet agent/fleet-agent";

    [Test]
    public void Only_shared_pages_of_its_own_file_that_nobody_writes_are_dropped() => Assert.That(GiveBack.Shared(
    [
        $"55cf9f24d000-55cf9f34d000 r--p 00000000 08:01 393225                     {Program}",
        $"55cf9f55c000-55cf9fd5c000 r-xp 0030f000 08:01 393225                     {Program}",
        $"7f89f9165000-7f89f941a000 r--s 00a1c000 08:01 393225                     {Program}",
        $"7f89f9011000-7f89f90f7000 rw-s 00a1c000 08:01 393225                     {Program}",
        "7f89f84c5000-7f89f8745000 r--s 000ba000 08:01 262172                     /usr/lib/x86_64-linux-gnu/libcrypto.so.3",
        "7f7e24000000-7f7e24800000 rw-p 00000000 00:00 0 ",
    ], Program), Is.EqualTo(new[] { (unchecked((nint)0x7f89f9165000), (nuint)0x2b5000) }));

    [Test]
    public void A_program_that_gave_back_goes_on()
    {
        var kept = Enumerable.Range(0, 1000).Select(n => $"{n}").ToList();
        Assert.DoesNotThrow(GiveBack.Now);
        Assert.That(kept, Is.EqualTo(Enumerable.Range(0, 1000).Select(n => $"{n}")));
    }
}
