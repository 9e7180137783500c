using System.Net;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;

namespace Fleet.Agents.Tests;

public class DiscoverRangesTests
{
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("192.0.2.0/29", "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6", Description = "neither the network nor its broadcast")]
    [TestCase("192.0.2.8/31", "192.0.2.8 192.0.2.9", Description = "RFC 3021: both are hosts")]
    [TestCase("192.0.2.8/32", "192.0.2.8")]
    [TestCase("192.0.2.10-192.0.2.12", "192.0.2.10 192.0.2.11 192.0.2.12")]
    [TestCase("192.0.2.10-12", "192.0.2.10 192.0.2.11 192.0.2.12")]
    [TestCase("192.0.2.254-192.0.3.1", "192.0.2.254 192.0.3.1", Description = "what ends in 255 and 0 is a network's own nearly everywhere")]
    [TestCase("192.0.2.254-192.0.3.1, 192.0.2.255", "192.0.2.254 192.0.2.255 192.0.3.1", Description = "unless it is named alone")]
    [TestCase("192.0.2.0/30, 192.0.2.3", "192.0.2.1 192.0.2.2", Description = "a network's broadcast is never asked, whoever names it")]
    [TestCase("192.0.2.3 192.0.2.2;192.0.2.3,\n192.0.2.2-3", "192.0.2.2 192.0.2.3", Description = "each once, in order")]
    [TestCase("192.0.2.0/29 !192.0.2.2-4", "192.0.2.1 192.0.2.5 192.0.2.6")]
    [TestCase("!192.0.2.4/30, 192.0.2.0/29", "192.0.2.1 192.0.2.2 192.0.2.3", Description = "an exclusion takes all of a network, wherever it stands")]
    [TestCase("2001:db8::9", "2001:db8::9")]
    [TestCase("2001:db8::10/126", "2001:db8::11 2001:db8::12 2001:db8::13", Description = "the first is the routers'")]
    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    public void A_list_is_these_addresses(string text, string addresses) => Assert.That(string.Join(' ', Parsed(text).Addresses), Is.EqualTo(addresses));

    [TestCase("192.0.2.1, 192.0.2.256", 12, "192.0.2.256", "is no address")]
    [TestCase("192.0.2.1,printer_1", 11, "printer_1", "is no address")]
    [TestCase("10", 1, "10", "is no address", Description = "the framework would read 0.0.0.10")]
    [TestCase("192.0.2.010", 1, "192.0.2.010", "is no address", Description = "8 or 10? nobody knows")]
    [TestCase("192.0.2.0/33", 1, "192.0.2.0/33", "has no prefix of 0 to 32")]
    [TestCase("192.0.2.5/24", 1, "192.0.2.5/24", "is no network: write 192.0.2.0/24, or 192.0.2.5")]
    [TestCase("192.0.2.0/24/8", 1, "192.0.2.0/24/8", "is no address")]
    [TestCase("ok.example  192.0.2.9-192.0.2.3", 13, "192.0.2.9-192.0.2.3", "ends before it begins")]
    [TestCase("224.0.0.1", 1, "224.0.0.1", "unicast only")]
    [TestCase("255.255.255.255", 1, "255.255.255.255", "unicast only")]
    [TestCase("0.0.0.0", 1, "0.0.0.0", "unicast only")]
    [TestCase("223.255.255.250-224.0.0.5", 1, "223.255.255.250-224.0.0.5", "unicast only")]
    [TestCase("ff02::1", 1, "ff02::1", "unicast only")]
    [TestCase("2001:db8::/64", 1, "2001:db8::/64", "too wide to sweep")]
    [TestCase("2001:db8::1-2001:db8::9", 1, "2001:db8::1-2001:db8::9", "IPv6")]
    [TestCase("192.0.2.1, 10.0.0.0/8", 12, "10.0.0.0/8", "has 16,777,216 addresses; at most 262,144")]
    [TestCase("10.0.0.0/15 10.8.0.0/15, 192.0.2.1-9", 26, "192.0.2.1-9", "makes it 262,149 addresses; at most 262,144")]
    [TestCase("  ", 1, "", "names no address")]
    [TestCase("!192.0.2.1", 1, "!192.0.2.1", "names no address")]
    [TestCase("192.0.2.1 !x/y", 11, "!x/y", "is no address")]
    public void A_wrong_word_is_named_with_its_place(string text, int column, string word, string why)
    {
        Assert.That(ParseRanges.TryFrom(text, out _, out var fault), Is.False);
        Assert.That((fault!.Column, fault.Word), Is.EqualTo((column, word)));
        Assert.That(fault.ToString(), Does.Contain(why).And.StartWith($"column {column}: "));
    }

    [Test]
    public void Host_names_are_kept_for_the_sweep() =>
        Assert.That((Parsed("printer-1.acme.example 192.0.2.1 !gate").Names, Parsed("a !gate").ExcludedNames), Is.EqualTo((new[] { "printer-1.acme.example" }, new[] { "gate" })));

    [Test]
    public void Sixty_five_thousand_are_not_too_many() => Assert.That(Parsed("10.1.0.0/16").Count, Is.EqualTo(65_534));

    [Test]
    public void A_name_leads_to_nothing_that_is_excluded()
    {
        var ranges = Parsed("printer.example !192.0.2.9");
        Assert.That(ranges.Forbids(IPAddress.Parse("192.0.2.9")), Is.True);
        Assert.That(ranges.Forbids(IPAddress.Parse("224.0.0.1")), Is.True, "nor to a group");
        Assert.That(ranges.Forbids(IPAddress.Parse("192.0.2.8")), Is.False);
    }

    /// <summary>Against sets of numbers, which cannot be wrong.</summary>
    [Test]
    public void Spans_without_holes_are_what_sets_say()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 3000; round++)
        {
            var (wanted, holes) = (Spans(random), Spans(random));
            var tidy = AddressSpan.Tidy(wanted, holes);
            Assert.That(tidy.SelectMany(Numbers), Is.EqualTo(wanted.SelectMany(Numbers).ToHashSet().Except(holes.SelectMany(Numbers)).OrderBy(one => one.IsV6).ThenBy(one => one.Number)), $"{string.Join(' ', wanted)} without {string.Join(' ', holes)}");
        }
    }

    [Test]
    public void In_a_configuration_a_wrong_range_is_named_by_field_and_column()
    {
        const string Config = """
            { "tenant": "acme", "site": "hq", "agentId": "acme-hq", "broker": { "host": "localhost" }, "tokenUrl": "https://id.example/oauth/token", "clientId": "c", "secretFile": "/s", "stateDir": "/st",
              "ranges": [ { "addresses": "192.0.2.0/24" }, { "addresses": "198.51.100.1, nowhere!" } ], "discoverEvery": "12h" }
            """;
        Assert.That(Assert.Throws<ConfigException>(() => ReadConfig.Parse(Config))!.Message, Does.StartWith("ranges[1].addresses: column 15: 'nowhere!'"));
        var good = ReadConfig.Parse(Config.Replace(", nowhere!", "", StringComparison.Ordinal));
        Assert.That((good.DiscoveryEvery, good.Ranges![1].Ranges.Count, good.Ranges[0].Community), Is.EqualTo(((Fleet.Agent.Scheduling.Schedule)TimeSpan.FromHours(12), 1L, "public")));
    }

    private static Ranges Parsed(string text) => ParseRanges.TryFrom(text, out var ranges, out var fault) ? ranges : throw new AssertionException(fault.ToString());

    private static List<AddressSpan> Spans(Random random) =>
        [.. Enumerable.Range(0, random.Next(6)).Select(_ => (From: (UInt128)(uint)random.Next(40), Length: (UInt128)(uint)random.Next(12))).Select(span => new AddressSpan(span.From, span.From + span.Length, random.Next(2) == 0))];

    private static IEnumerable<(bool IsV6, UInt128 Number)> Numbers(AddressSpan span)
    {
        for (var number = span.First; number <= span.Last; number++) yield return (span.IsV6, number);
    }
}
