using Fleet.Agent.Configuration;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Ranges written at the site, over those of the configuration file.</summary>
public class AgentRangesTests : AgentHome
{

    [Test]
    public void What_is_written_at_the_site_counts_also_after_a_restart_until_it_is_forgotten()
    {
        var ranges = Load();
        Assert.That((Words(ranges), ranges.IsOwn), Is.EqualTo(("192.0.2.0/24", false)));
        var until = ranges.Now.Until;
        ranges.Set([new("198.51.100.1-20 !198.51.100.7"), new("203.0.113.9", 1161, "secret")]);
        Assert.That((Words(ranges), ranges.IsOwn, until.IsCancellationRequested), Is.EqualTo(("198.51.100.1-20 !198.51.100.7; 203.0.113.9", true, true)));

        var after = Load();
        Assert.That((Words(after), after.IsOwn, after.Now.Ranges[1].Port, after.Now.Ranges[1].Community), Is.EqualTo(("198.51.100.1-20 !198.51.100.7; 203.0.113.9", true, 1161, "secret")));
        after.Forget();
        Assert.That((Words(after), Words(Load()), after.IsOwn), Is.EqualTo(("192.0.2.0/24", "192.0.2.0/24", false)));
    }

    [Test]
    public void No_ranges_at_all_are_ranges_too()
    {
        Load().Set([]);
        Assert.That((Load().Now.Ranges.Count, Load().IsOwn), Is.EqualTo((0, true)));
    }

    [Test]
    public void A_wrong_word_is_named_with_its_column_and_changes_nothing()
    {
        var ranges = Load();
        Assert.That(() => ranges.Set([new("198.51.100.1, 198.51.100.300")]), Throws.TypeOf<ConfigException>().With.Message.Contains("ranges[0].addresses: column 15: '198.51.100.300'"));
        Assert.That(() => ranges.Set([new("198.51.100.1", Credential: "nobody")]), Throws.TypeOf<ConfigException>().With.Message.Contains("there is no credentials.nobody"));
        Assert.That((Words(ranges), ranges.IsOwn, File.Exists(Path.Combine(Home, "ranges.json"))), Is.EqualTo(("192.0.2.0/24", false, false)));
    }

    [Test]
    public void A_file_that_cannot_be_used_searches_nothing_and_says_so()
    {
        foreach (var broken in new[] { "", "null", "{}", "[{}]", "[{\"addresses\":\"192.0.2.0/99\"}]", "[{\"addresses\":\"192.0.2.1\",\"extra\":1}]" })
        {
            File.WriteAllText(Path.Combine(Home, "ranges.json"), broken);
            var ranges = Load();
            Assert.That((ranges.Now.Ranges.Count, ranges.Trouble is null), Is.EqualTo((0, false)), broken);
        }
        File.Delete(Path.Combine(Home, "ranges.json"));
        Assert.That(Words(Load()), Is.EqualTo("192.0.2.0/24"), "the twin");
    }

    [Test]
    public void It_is_readable_by_the_agents_user_alone()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows has no file modes");
        Load().Set([new("203.0.113.9", 161, "secret")]);
#pragma warning disable CA1416 // left above where there are none
        Assert.That(File.GetUnixFileMode(Path.Combine(Home, "ranges.json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
#pragma warning restore CA1416
    }

    private KeepRanges Load() => KeepRanges.Load(Config(Home) with { Ranges = [new("192.0.2.0/24")] }, Around().Log);

    private static string Words(KeepRanges ranges) => string.Join("; ", ranges.Now.Ranges.Select(range => range.Addresses));
}
