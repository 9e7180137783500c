using Fleet.Agent.Granting;
using Fleet.Agent.Polling;
using Fleet.Agent.Transcribing;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The switch at the site: what it closes stays closed, and it opens nothing.</summary>
public class AgentWithholdTests : AgentHome
{
    private static readonly Oid Supplies = Oid.Parse("1.3.6.1.2.1.43.11");

    private static readonly PrintersDevice Kyocera = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System")
        .Has("1.3.6.1.2.1.43.5.1.1.17.1", "RVP0001").Row(1, 5).Supply("1.1", 500, 1000).Has("1.3.6.1.2.1.43.10.2.1.4.1.1", 7432);

    private readonly List<(string, bool, string)> written = [];

    [Test]
    public async Task After_the_switch_no_object_of_that_group_is_asked_and_after_the_other_it_is_again()
    {
        var withhold = Load();
        withhold.Switch(FieldGroups.Supplies, off: true, Write);
        Assert.That(await AskedAsync(withhold), Is.Not.Empty.And.None.Matches<Oid>(oid => oid.StartsWith(Supplies)));

        withhold.Switch(FieldGroups.Supplies, off: false, Write);
        Assert.That(await AskedAsync(withhold), Has.Some.Matches<Oid>(oid => oid.StartsWith(Supplies)), "the twin");
    }

    [Test]
    public async Task A_visit_under_way_asks_nothing_of_that_group_any_more_and_still_reads_the_rest()
    {
        var withhold = Load();
        var (asked, found) = await VisitAsync(withhold, onFirst: () => withhold.Switch(FieldGroups.Supplies, off: true, Write));
        Assert.That(asked, Has.Count.GreaterThan(2).And.None.Matches<Oid>(oid => oid.StartsWith(Supplies)));
        Assert.That((found.Observed!.Device.Serial, found.Observed.Meters!.Counters[0].Value, found.Observed.Supplies), Is.EqualTo(("RVP0001", 7432L, (object?)null)));

        (asked, found) = await VisitAsync(Load(FreshDirectory()), onFirst: () => { });
        Assert.That((asked.Exists(oid => oid.StartsWith(Supplies)), found.Observed!.Supplies), Is.EqualTo((true, found.Observed.Supplies)).And.Not.Null, "the twin");
    }

    [Test]
    public async Task A_question_that_waits_for_its_answer_is_not_sent_a_second_time()
    {
        var withhold = Load();
        var got = new TaskCompletionSource();
        using var silent = new SnmpScriptedDevice(_ => { got.TrySetResult(); return []; });
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        var target = silent.Target(retries: 5, seconds: 0.2).Named("t1");
        var visit = Visitor(client, withhold, OpenGrant with { Allowed = FieldGroups.Supplies | FieldGroups.Status }).AskAsync(target, Look.Everything, CancellationToken.None);
        await got.Task.WaitAsync(TimeSpan.FromSeconds(10));
        withhold.Switch(FieldGroups.Supplies, off: true, Write);
        withhold.Switch(FieldGroups.Status, off: true, Write);
        Assert.That(await visit.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(Found.NotAsked), "nothing is left to ask, and its silence says nothing");
    }

    [Test]
    public void It_holds_over_restarts_and_for_every_later_grant()
    {
        Load().Switch(FieldGroups.Location, off: true, Write);
        Load().Switch(FieldGroups.Firmware, off: true, Write);
        var after = Load();
        Assert.That(after.List.Select(each => each.Group), Is.EqualTo(new[] { "location", "firmware" }));
        Assert.That(after.Mask(OpenGrant with { Id = "9-later" }).Allowed, Is.EqualTo(FieldGroups.All & ~FieldGroups.Location & ~FieldGroups.Firmware));
    }

    [Test]
    public void It_opens_nothing_the_grant_does_not()
    {
        var withhold = Load();
        var signed = OpenGrant with { Allowed = FieldGroups.Identity | FieldGroups.Counters };
        withhold.Switch(FieldGroups.Counters, off: true, Write);
        Assert.That(withhold.Mask(signed).Allowed, Is.EqualTo(FieldGroups.Identity));
        withhold.Switch(FieldGroups.Counters, off: false, Write);
        withhold.Switch(FieldGroups.Location, off: false, Write);
        Assert.That(withhold.Mask(signed).Allowed, Is.EqualTo(signed.Allowed));
    }

    [Test]
    public void A_file_that_cannot_be_read_withholds_everything_until_somebody_switches()
    {
        foreach (var broken in new[] { "", "null", "[{}]", "[null]", "{\"location\":false}" })
        {
            File.WriteAllText(Path.Combine(Home, "withheld.json"), broken);
            Assert.That((Load().Groups, Load().Trouble is null), Is.EqualTo((FieldGroups.All, false)), broken);
        }
        Load().Switch(FieldGroups.Counters, off: false, Write);
        Assert.That((Load().Groups, Load().Trouble), Is.EqualTo((FieldGroups.All & ~FieldGroups.Counters, (string?)null)));
    }

    [Test]
    public void On_a_full_disk_a_group_is_taken_away_all_the_same_and_none_is_given_back()
    {
        var withhold = Load();
        withhold.Switch(FieldGroups.Location, off: true, Write);
        var inTheWay = Directory.CreateDirectory(Path.Combine(Home, "withheld.json.new"));
        Assert.That(withhold.Switch(FieldGroups.Counters, off: true, Write), Is.False);
        Assert.That(withhold.Switch(FieldGroups.Location, off: false, Write), Is.False);
        Assert.That((withhold.Groups, withhold.Trouble is null), Is.EqualTo((FieldGroups.Location | FieldGroups.Counters, false)));

        inTheWay.Delete();
        Assert.That(withhold.Switch(FieldGroups.Counters, off: true, Write), Is.True);
        Assert.That((Load().Groups, withhold.Trouble), Is.EqualTo((FieldGroups.Location | FieldGroups.Counters, (string?)null)));
    }

    [Test]
    public void The_customers_record_tells_of_each_switch_and_its_chain_holds()
    {
        var folder = Path.Combine(Home, Transcript.FolderName);
        using (var transcript = Transcript.Open(Home, "acme-hq", new(), SystemClock))
        {
            var withhold = Load();
            withhold.Switch(FieldGroups.Location, off: true, transcript.Switched);
            withhold.Switch(FieldGroups.Location, off: true, transcript.Switched);      // it is off already
            withhold.Switch(FieldGroups.NetworkAddress, off: true, transcript.Switched);
            withhold.Switch(FieldGroups.Location, off: false, transcript.Switched);
        }
        Assert.That(new TellTranscript().Of(folder).Skip(1).Select(line => line[22..]), Is.EqualTo(new[]
        {
            "location switched off at this site; off from now on: location", "network-address switched off at this site; off from now on: location, network-address",
            "location switched on at this site; off from now on: network-address"
        }));
        Assert.That(CheckTranscript.Of(folder), Is.EqualTo(new TranscriptCheck(4, 1, null)));

        var file = Directory.GetFiles(folder).Single();
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"off\":true,\"withheld\":[\"location\"]", "\"off\":false,\"withheld\":[]", StringComparison.Ordinal));
        Assert.That(CheckTranscript.Of(folder).Fault, Does.Contain("number 3 does not follow"), "the twin");
    }

    private void Write(string group, bool off, IReadOnlyList<string> all) => written.Add((group, off, string.Join(' ', all)));

    private Withhold Load(string? at = null) => Withhold.Load(at ?? Home, SystemClock, Around().Log);

    private static async Task<List<Oid>> AskedAsync(Withhold withhold) => (await VisitAsync(withhold, () => { })).Asked;

    // The list holds what came after the first packet when there is something to do at the first.
    private static async Task<(List<Oid> Asked, Found Found)> VisitAsync(Withhold withhold, Action onFirst)
    {
        var (asked, isFirst) = (new List<Oid>(), true);
        using var device = new SnmpScriptedDevice(request =>
        {
            if (isFirst) onFirst();
            isFirst = false;
            lock (asked) asked.AddRange(request.Pdu.VarBinds.Select(one => one.Name));
            return [SnmpScriptedDevice.Answer(Kyocera, request)];
        });
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        var found = await Visitor(client, withhold, OpenGrant).AskAsync(device.Target().Named("t1"), Look.Everything, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        return (asked, found);
    }

    private static VisitPrinter Visitor(SnmpClient client, Withhold withhold, Grant signed) =>
        new(new Probe(client, Profiles.BuiltIn), [1], () => withhold.Mask(signed), SystemClock, Around().Log);
}
