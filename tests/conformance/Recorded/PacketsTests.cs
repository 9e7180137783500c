using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>How many packets a reading costs, counted at the device. A number here that grows is a printer asked more than before.</summary>
public class PacketsTests
{
    // The least there is: one Get for who it is, one for the vendor's scalars, and GetBulks by what fits a frame. A vendor found only by its own objects costs one Get more; a device met before one less.
    // `sap-mfc-l8650cdw` is five byte blocks and nothing else: every column of every table runs into a block too large for its frame.
    [TestCase("br-dcp-7070dw", 5, 3, 2)]
    [TestCase("br-dcp-9020cdw", 5, 3, 2)]
    [TestCase("br-hl-l2340dw", 5, 3, 2)]
    [TestCase("br-mfc-5490cn", 5, 3, 2)]
    [TestCase("brother", 4, 3, 3)]
    [TestCase("canonprinter_ir-adv", 3, 2, 2)]
    [TestCase("canonprinter_mf", 3, 2, 2)]
    [TestCase("canonprinter_tm", 5, 4, 3)]
    [TestCase("dell-laser_color", 2, 2, 2)]
    [TestCase("developprinter", 3, 2, 2)]
    [TestCase("fix-jetdirect_m880", 7, 6, 3)]
    [TestCase("fujifilmprinter_c7580", 4, 4, 3)]
    [TestCase("jetdirect_m252dw", 6, 5, 4)]
    [TestCase("konica", 5, 4, 3)]
    [TestCase("kyocera", 3, 2, 2)]
    [TestCase("lanier", 4, 3, 2)]
    [TestCase("lexmarkprinter", 4, 3, 2)]
    [TestCase("okilan_9450g", 5, 4, 3)]
    [TestCase("part-canon-mf642c-counters", 4, 3, 2)]
    [TestCase("part-kyocera-tk3130", 4, 4, 2)]
    [TestCase("part-lexmark-xc2235", 4, 4, 2)]
    [TestCase("pm-epson-cw", 6, 5, 4)]
    [TestCase("pm-kyocera-p2040", 6, 5, 3)]
    [TestCase("ricoh_aficio", 4, 3, 2)]
    [TestCase("ricoh_mpc3002", 5, 4, 3)]
    [TestCase("samsungprinter_clx", 3, 2, 2)]
    [TestCase("samsungprinter_m4080fx", 5, 4, 4)]
    [TestCase("sap-mfc-l8650cdw", 9, 7, 5)]
    [TestCase("savin_c4503", 4, 3, 2)]
    [TestCase("sharp", 7, 7, 4)]
    [TestCase("sharp_mx2614n", 2, 2, 2)]
    [TestCase("toshiba-tec_estudio2505", 2, 2, 2)]
    [TestCase("toshiba-tec_ev4", 2, 2, 2)]
    [TestCase("tsc", 2, 2, 2)]
    [TestCase("utax", 4, 3, 3)]
    [TestCase("xerox", 5, 4, 3)]
    [TestCase("xerox_phaser", 3, 2, 2)]
    [TestCase("xerox_workcentre", 3, 2, 2)]
    [TestCase("zebra_1", 3, 2, 2)]
    public async Task A_reading_costs_this_many_packets(string name, int first, int again, int status)
    {
        using var device = new CapturedDevice(name);
        using var client = Ask.Client();
        var probe = new Probe(client, Profiles.BuiltIn);
        Assert.That((await PacketsAsync(device, probe, FieldGroups.All), await PacketsAsync(device, probe, FieldGroups.All), await PacketsAsync(device, probe, FieldGroups.Identity | FieldGroups.NetworkAddress | FieldGroups.Status)),
            Is.EqualTo((first, again, status)), "first reading, the next one, and a look at status alone");
    }

    [Test]
    public void Every_recording_has_its_number() =>
        Assert.That(typeof(PacketsTests).GetMethod(nameof(A_reading_costs_this_many_packets))!.GetCustomAttributes(typeof(TestCaseAttribute), false).Cast<TestCaseAttribute>().Select(one => one.Arguments[0]), Is.EquivalentTo(Recording.Names));

    [Test]
    public async Task No_object_is_asked_twice([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        using var device = new CapturedDevice(name);
        using var client = Ask.Client();
        var probe = new Probe(client, Profiles.BuiltIn);
        for (var reading = 1; reading <= 2; reading++)
        {
            await PacketsAsync(device, probe, FieldGroups.All);
            Assert.That(Twice(device.Requests), Is.Empty, $"reading {reading}");
        }
    }

    [Test]
    public void The_check_finds_what_is_asked_twice()
    {
        SnmpPdu get = new(PduType.Get, 1, 0, 0, [VarBind.Asked(Oid.Parse("1.3.6.1.2.1.1.1.0"))]), bulk = get with { Type = PduType.GetBulk };
        Assert.That((Twice([get]).Count(), Twice([get, get]).Count(), Twice([get, bulk]).Count()), Is.EqualTo((0, 1, 1)));
    }

    // By Get: the same name again. By GetBulk: a column that a Get has told already; a walk itself must go on from where an answer was cut.
    private static IEnumerable<Oid> Twice(IEnumerable<SnmpPdu> requests)
    {
        var all = requests.ToList();
        var gets = all.Where(pdu => pdu.Type is PduType.Get).SelectMany(pdu => pdu.VarBinds).Select(one => one.Name).ToList();
        var walked = all.Where(pdu => pdu.Type is not PduType.Get).SelectMany(pdu => pdu.VarBinds).Select(one => one.Name).Distinct();
        return gets.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key).Concat(walked.Where(column => gets.Exists(name => name.StartsWith(column))));
    }

    private static async Task<int> PacketsAsync(CapturedDevice device, Probe probe, FieldGroups allowed)
    {
        device.Requests.Clear();
        var reading = await probe.ReadAsync(Ask.Target(device.EndPoint, "public"), allowed);
        Assert.That(reading.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        return device.Requests.Count;
    }
}
