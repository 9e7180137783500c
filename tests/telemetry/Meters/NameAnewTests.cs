using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Tests.Meters;

/// <summary>What did one version of a profile say, what does another say of the same raw values?</summary>
public class NameAnewTests
{
    private static readonly Counter[] Read =
    [
        new("life", 900, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1"), new("total", 700, "impressions", "1.1"), new("print", 400, "impressions", "1.2"), new("color", 90, "impressions", "1.4+1.5"),
    ];

    [Test]
    public void Another_versions_rules_name_the_values_that_were_kept()
    {
        var says = NameAnew.Decide(Read, Rules(
            new("total", "sheets", new(Sum: [new("1.1"), new("1.2")])),
            new("copy", "impressions", new(Difference: [new("1.1"), new("1.2")])),
            new("color", "impressions", new(Sum: [new("1.4"), new("1.5")])),
            new("print", "impressions", new("9.9")),
            new("print", "impressions", new("1.2"))));

        Assert.That(says.Profile, Is.EqualTo("kyocera/4"));
        Assert.That(says.Counters, Is.EqualTo(new Counter[]
        {
            Read[0], new("total", 1100, "sheets", "1.1+1.2"), new("copy", 300, "impressions", "1.1-1.2"), new("color", 90, "impressions", "1.4+1.5"), new("print", 400, "impressions", "1.2"),
        }));
        Assert.That(says.Undecided, Is.Empty);
    }

    [Test] // the twin
    public void What_was_not_kept_alone_is_not_guessed()
    {
        var says = NameAnew.Decide(Read, Rules(new("color", "impressions", new(Sum: [new("1.4"), new("1.5"), new("1.6")])), new("scan", "impressions", new("7.7"))));
        Assert.That(says.Undecided.Select(u => u.Name), Is.EqualTo(new[] { "color", "scan" }));
        Assert.That(says.Counters, Is.EqualTo(new[] { Read[0] }));
    }

    [Test]
    public void Every_profile_of_the_agents_is_known_here_with_its_rules() =>
        Assert.That(NamingRules.BuiltIn["kyocera"].Counters.Select(c => c.Name), Is.SupersetOf(new[] { "total", "mono", "color", "a3" }));

    private static NamingRules Rules(params NamingRule[] counters) => new("kyocera", 4, counters);
}
