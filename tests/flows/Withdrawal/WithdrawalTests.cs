using Fleet.Simulator.Serving;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Withdrawal;

/// <summary>A customer grants some things and not others, and takes them back: what the printers see of it.</summary>
public class WithdrawalTests
{
    private const string Addresses = "1.3.6.1.2.1.2.", Name = "1.3.6.1.2.1.1.5.", Counters = "1.3.6.1.2.1.43.10.", Supplies = "1.3.6.1.2.1.43.11.";
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(5), Watched = TimeSpan.FromSeconds(5);

    [Test]
    public async Task What_was_not_granted_is_asked_of_no_printer_and_what_is_withdrawn_is_asked_no_longer_after_five_seconds()
    {
        await using var site = await ConsentingSite.OpenAsync("identity", "counters", "supplies", "status");
        await Eventually.IsAsync("every printer in the API", site.DevicesAsync, devices => devices.Count == ConsentingSite.Printers);
        Assert.That(site.AskedSince(default).Where(packet => Asks(packet, Addresses) || Asks(packet, Name)), Is.Empty, "addresses and names were never granted");
        foreach (var device in await site.DevicesAsync())
            Assert.That((device["address"]?.GetValue<string>(), device["mac"]?.GetValue<string>(), device["name"]?.GetValue<string>()), Is.EqualTo(((string?)null, (string?)null, (string?)null)));

        var partly = await site.ChangeAsync("withdraw", new { fieldGroups = new[] { "counters" } });
        await site.LaterAsync(partly + InTime + Watched);
        var since = site.AskedSince(partly + InTime);
        Assert.That(since.Where(packet => Asks(packet, Counters)), Is.Empty);
        Assert.That(since.Where(packet => Asks(packet, Supplies)), Is.Not.Empty, "the twin: the rest goes on");

        var given = await site.ChangeAsync("grant", new { fieldGroups = new[] { "counters" } });
        await Eventually.IsTrueAsync("counters to be asked again", () => Task.FromResult(site.AskedSince(given).Any(packet => Asks(packet, Counters))), InTime + Watched);

        var whole = await site.ChangeAsync("withdraw", new { purposes = new[] { "fleet-management" } });
        await site.LaterAsync(whole + InTime + Watched);
        Assert.That(site.AskedSince(whole + InTime), Is.Empty, "not a packet");
    }

    private static bool Asks(PacketLogLine packet, string below) => packet.Asked.Any(oid => $"{oid}.".StartsWith(below, StringComparison.Ordinal));
}
