using System.Text;
using Fleet.Agent.Granting;
using Fleet.Agent.Page;
using Fleet.Agent.Spooling;
using Fleet.Printers;
using Microsoft.AspNetCore.Http;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What the first page says of an agent that is not simply well.</summary>
public class AgentStatePageTests
{
    private static readonly AgentNow Well = new(
        Noon, TimeSpan.FromMinutes(75), HeldBy: null, new("7-x", FieldGroups.All, Noon, Noon.AddHours(20)), null, new([], FieldGroups.None, null), new("broker.example:5671", IsConnected: true, null, null),
        new(10, 2, 0), Chain.Start, 3, new(null, null, IsRunning: false), new([], AreOwn: false, [], [], [], null), Transcribed: 1, NotWritten: null);

    [Test]
    public void A_well_one_is_running_and_connected_for_as_long_as_it_is() =>
        Assert.That(Text(Well), Does.Contain("running").And.Contain("1 h 15 min").And.Contain(">connected<").And.Contain("in 20 h 0 min").And.Contain("<b>12</b> accepted").And.Not.Contain("role=\"alert\""));

    [Test]
    public void One_that_waits_for_another_says_for_whom() =>
        Assert.That(Text(Well with { HeldBy = "acme-second", Signed = null }), Does.Contain("waiting").And.Contain("<strong>acme-second</strong> reports from this site").And.Contain("Nothing is asked of any device"));

    [Test]
    public void What_stands_in_the_way_is_said_now_and_afterwards()
    {
        Assert.That(Text(Well with { Link = new("b", IsConnected: false, "no address is known for b", (Noon, "no address is known for b")) }), Does.Contain("not connected").And.Contain("In the way now</dt><dd>no address"));
        Assert.That(Text(Well with { Link = new("b", IsConnected: true, null, (Noon, "token <expired>")) }), Does.Contain("In the way now</dt><dd>nothing").And.Contain("2026-10-14 12:00:00").And.Contain("token &lt;expired&gt;"));
    }

    [Test]
    public void With_everything_switched_off_nothing_is_asked_though_the_grant_holds() =>
        Assert.That(Text(Well with { Withheld = new([new("location", Noon)], FieldGroups.All, null) }), Does.Contain("nothing is asked").And.Contain("Off at this site</dt><dd>location"));

    [Test]
    public void A_transcript_that_cannot_be_written_and_a_switch_that_does_not_last_are_alarms()
    {
        Assert.That(Text(Well with { NotWritten = "disk full" }), Does.Contain("role=\"alert\"").And.Contain("nothing is sent: disk full"));
        Assert.That(Text(Well with { Withheld = new([], FieldGroups.All, "cannot be read") }), Does.Contain("role=\"alert\"").And.Contain("cannot be read"));
    }

    private static string Text(AgentNow now)
    {
        var agent = new AgentView(Config("/nowhere"), "key", (_, _) => true, () => now, () => [], new((_, _) => { }, _ => { }, () => { }, () => { }, null!));
        return Encoding.UTF8.GetString(StatePage.Show(agent, new("/", new QueryCollection(), FormCollection.Empty, "token", CancellationToken.None)).Body.Span);
    }
}
