using Fleet.Printers;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>Values people have checked: from the notes on real devices, and from the recordings read by eye.</summary>
public class StatedValuesTests
{
    private static Task<PrinterReading> ReadAsync(string name) => Readings.OfAsync(name);

    [TestCase("pm-kyocera-p2040", "total", 7342, "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]
    [TestCase("pm-kyocera-p2040", "life", 7432, "1.3.6.1.2.1.43.10.2.1.4.1.1")]
    [TestCase("sharp", "life", 121104, "1.3.6.1.2.1.43.10.2.1.4.1.1")]
    [TestCase("sharp", "total", 121104)]
    [TestCase("sharp", "mono", 91164, "1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.61")]
    [TestCase("sharp", "color", 29940)]
    [TestCase("sharp", "print.color", 28583)]
    [TestCase("sharp", "copy.mono", 37485)]
    [TestCase("sharp", "duplex", 41020)]
    [TestCase("sharp", "scan", 13534)]
    [TestCase("sap-mfc-l8650cdw", "color", 5072)]
    [TestCase("sap-mfc-l8650cdw", "mono", 3626)]
    [TestCase("sap-mfc-l8650cdw", "total", 8698)]
    [TestCase("br-dcp-9020cdw", "total", 4939)]
    [TestCase("br-dcp-9020cdw", "color", 3177)]
    [TestCase("br-dcp-9020cdw", "mono", 1762)]
    [TestCase("br-dcp-7070dw", "total", 2652)]
    [TestCase("br-mfc-5490cn", "life", 8989)]
    [TestCase("part-canon-mf642c-counters", "total", 9026, "1.3.6.1.4.1.1602.1.11.2.1.1.3.1")]
    [TestCase("part-canon-mf642c-counters", "copy", 354, "1.3.6.1.4.1.1602.1.11.2.1.1.3.17")]
    [TestCase("part-canon-mf642c-counters", "print", 8672, "1.3.6.1.4.1.1602.1.11.2.1.1.3.25")]
    [TestCase("canonprinter_tm", "life", 21588)]
    [TestCase("ricoh_mpc3002", "life", 271871)]
    public async Task A_counter(string name, string counter, long value, string? oid = null)
    {
        var found = (await ReadAsync(name)).Counters.Single(c => c.Name == counter);
        Assert.That(found.Value, Is.EqualTo(value));
        if (oid is not null) Assert.That(found.Oid, Is.EqualTo(oid));
    }

    [TestCase("ricoh_mpc3002", "sheets")]
    [TestCase("pm-kyocera-p2040", "impressions")]
    [TestCase("br-dcp-7070dw", "unknown", Description = "the recording has no unit")]
    public async Task The_unit_of_the_life_count(string name, string unit) => Assert.That((await ReadAsync(name)).Counters.Single(c => c.Name == "life").Unit, Is.EqualTo(unit));

    [TestCase("br-mfc-5490cn", "total", Description = "its counter block is empty")]
    [TestCase("brother", "life")]
    [TestCase("pm-epson-cw", "total", Description = "a label printer")]
    [TestCase("zebra_1", "life", Description = "no Printer-MIB")]
    [TestCase("br-hl-l2340dw", "color")]
    public async Task A_counter_nobody_told_is_not_there(string name, string counter) => Assert.That((await ReadAsync(name)).Counters.Select(c => c.Name), Does.Not.Contain(counter));

    [TestCase("sharp", "Sharp", "MX-3570N", "@1.3.6.1.2.1.43.5.1.1.17.1", null)]
    [TestCase("pm-kyocera-p2040", "Kyocera", "ECOSYS P2040dw", "@1.3.6.1.4.1.1347.43.5.1.1.28.1", "2RX_3000.002.503")]
    [TestCase("kyocera", "Kyocera", "FS-1028MFP", "@1.3.6.1.4.1.1347.43.5.1.1.28.1", "2H9_2F00.002.002")]
    [TestCase("utax", "UTAX", "P-4532DN", "@1.3.6.1.4.1.1347.43.5.1.1.28.1", "2TP_S000.003.402")]
    [TestCase("jetdirect_m252dw", "HP", "HP Color LaserJet Pro M252dw", "@1.3.6.1.2.1.1.1.0~", null)]
    [TestCase("fix-jetdirect_m880", "HP", "HP Color LaserJet flow MFP M880", null, null)]
    [TestCase("brother", "Brother", "MFC-L2710DW", "@1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1.0", "1.14")]
    [TestCase("br-dcp-9020cdw", "Brother", "DCP-9020CDW", "@1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1.0", "ZA1811191217")]
    [TestCase("ricoh_mpc3002", "Ricoh", "Aficio MP C3002", "@1.3.6.1.4.1.367.3.2.1.2.1.4.0", "2.20")]
    [TestCase("lanier", "Lanier", "MP C3501/LD635C", null, "2.01")]
    [TestCase("savin_c4503", "Savin", "MP C4503", null, "1.18")]
    [TestCase("developprinter", "Develop", "ineo 280", null, null)]
    [TestCase("xerox", "Xerox", "AltaLink C8045", null, "100.002.057.09608")]
    [TestCase("xerox_phaser", "Xerox", "Phaser 4600", null, "35.004.32.000")]
    [TestCase("fujifilmprinter_c7580", "Fujifilm", "Apeos C7580", "@1.3.6.1.2.1.43.5.1.1.17.1", null)]
    [TestCase("lexmarkprinter", "Lexmark", "T640", null, "NS.NP.N219")]
    [TestCase("okilan_9450g", "OKI", "MC873", null, "07.87")]
    [TestCase("samsungprinter_clx", "Samsung", "CLX-3170", "@1.3.6.1.2.1.1.1.0~", "V1.00.01.64")]
    [TestCase("canonprinter_tm", "Canon", "TM-5300", null, "01.21")]
    [TestCase("pm-epson-cw", "Epson", "CW-C6500Au", "@1.3.6.1.4.1.1248.1.2.2.1.1.1.5.1", "03.77.TS20P2.FY19")]
    [TestCase("toshiba-tec_estudio2505", "Toshiba", "e-STUDIO2505AC", null, null)]
    [TestCase("tsc", "TSC", "TTP244CE", null, "7.02 EZD")]
    [TestCase("part-kyocera-tk3130", null, null, null, null)]
    public async Task Who_a_device_is(string name, string? manufacturer, string? model, string? serial, string? firmware)
    {
        var reading = await ReadAsync(name);
        Assert.That((reading.Manufacturer, reading.Model, reading.Firmware), Is.EqualTo((manufacturer, model, firmware)));
        if (serial is null) Assert.That(reading.Serial, Is.Null);
        else Assert.That(Recording.CaptureOf(name).Says(serial[1..], reading.Serial!), Is.True, "serial numbers stay in the recordings: @OID is what stands there, @OID~ a part");
    }

    [TestCase("pm-kyocera-p2040", "1.3.6.1.2.1.2.2.1.6.1", Description = "the Wi-Fi interface is down")]
    [TestCase("brother", "1.3.6.1.2.1.2.2.1.6.1", Description = "two Wi-Fi interfaces are down, one of them locally administered")]
    [TestCase("jetdirect_m252dw", "1.3.6.1.2.1.2.2.1.6.2", Description = "the first row is the loopback, without an address")]
    [TestCase("konica", "1.3.6.1.2.1.2.2.1.6.1")]
    [TestCase("fujifilmprinter_c7580", "1.3.6.1.2.1.2.2.1.6.1", Description = "type 7")]
    [TestCase("canonprinter_tm", "1.3.6.1.2.1.2.2.1.6.1", Description = "no states; the first of two")]
    [TestCase("xerox", null)]
    public async Task The_mac_address(string name, string? oid)
    {
        var mac = (await ReadAsync(name)).Mac;
        if (oid is null) Assert.That(mac, Is.Null);
        else Assert.That(Recording.CaptureOf(name).Says(oid, mac!), Is.True);
    }

    [Test]
    public async Task Two_black_toners_stay_two()
    {
        var black = (await ReadAsync("fujifilmprinter_c7580")).Supplies.Where(s => s.Slot is "1.30" or "1.31").ToList();
        Assert.That(black.Select(s => (s.Description, s.Percent)), Is.EqualTo(new[] { ("Black Toner 1", 100m), ("Black Toner 2", 90m) }));
    }

    [Test]
    public async Task Colours_come_through_the_colorant_table_and_waste_has_none()
    {
        Assert.That((await ReadAsync("pm-epson-cw")).Supplies.Select(s => s.Color), Is.EqualTo(new[] { "black", "cyan", "magenta", "yellow", null }));
        Assert.That((await ReadAsync("konica")).Supplies.Select(s => s.Color), Is.All.Null, "colorants without the column that points at them say nothing");
    }

    [Test]
    public async Task A_receptacle_is_known_by_class_else_by_type()
    {
        Assert.That((await ReadAsync("pm-kyocera-p2040")).Supplies.Select(s => s.Class), Is.EqualTo(new[] { "consumed", "receptacle" }));
        Assert.That((await ReadAsync("sharp")).Supplies.Single(s => s.Class == "receptacle").Slot, Is.EqualTo("1.5"));
        Assert.That((await ReadAsync("xerox")).Supplies.Select(s => s.Class), Is.All.EqualTo("other"), "neither class nor type: nothing is known");
        Assert.That((await ReadAsync("fix-jetdirect_m880")).Supplies.Single(s => s.Class == "other").Description, Is.EqualTo("Clean Rollers HP None"));
    }

    [Test]
    public async Task A_level_without_a_scale_is_kept_without_a_percentage()
    {
        var waste = (await ReadAsync("sharp")).Supplies.Single(s => s.Slot == "1.5");
        Assert.That((waste.State, waste.Level, waste.Capacity, waste.Percent), Is.EqualTo(("measured", (long?)100, (long?)null, (decimal?)null)));
    }

    [Test]
    public async Task Trailing_nul_is_not_part_of_a_name() =>
        Assert.That((await ReadAsync("fix-jetdirect_m880")).Supplies[0].Description, Is.EqualTo("Black Cartridge 827A HP CF300A"));

    [Test]
    public async Task Brothers_blocks_tell_what_its_standard_table_does_not()
    {
        Assert.That((await ReadAsync("sap-mfc-l8650cdw")).Supplies.Select(s => (s.Slot, s.Percent)), Is.EqualTo(new[]
        {
            ("brother.6f", 79m), ("brother.70", 45m), ("brother.71", 54m), ("brother.72", 54m), ("brother.41", 66m)
        }));
        Assert.That((await ReadAsync("br-dcp-7070dw")).Supplies.Select(s => (s.Slot, s.Percent)), Is.EqualTo(new[] { ("brother.6f", 72m), ("brother.41", 88m) }));
        Assert.That((await ReadAsync("br-mfc-5490cn")).Supplies, Is.Empty, "two-byte values mean something else");
    }

    [TestCase("sharp", "warning", "unknown", "lowToner")]
    [TestCase("pm-epson-cw", "warning", "idle", "lowToner", Description = "one byte 20 is a bit field and no blank")]
    [TestCase("samsungprinter_m4080fx", "warning", "unknown", "lowPaper")]
    [TestCase("pm-kyocera-p2040", "running", "idle")]
    [TestCase("okilan_9450g", "running", "unknown")]
    public async Task The_state(string name, string device, string printer, params string[] errors)
    {
        var status = (await ReadAsync(name)).Status!;
        Assert.That((status.Device, status.Printer), Is.EqualTo((device, printer)));
        Assert.That(status.Errors, Is.EqualTo(errors));
    }

    [Test]
    public async Task Alerts_keep_their_sparse_indexes_and_odd_codes()
    {
        Assert.That((await ReadAsync("pm-kyocera-p2040")).Alerts.Select(a => (a.Index, a.Severity, a.Group, a.Code, a.Description)), Is.EqualTo(new[]
        {
            ("1.2", "warning", "generalPrinter", 503, ""),
            ("1.23", "warningBinaryChangeEvent", "marker", 1001, ""),
            ("1.24", "warningBinaryChangeEvent", "marker", 1001, "")
        }));
        Assert.That((await ReadAsync("pm-epson-cw")).Alerts[^1], Is.EqualTo(new Alert("1.276", "other", "other", -1, 1, "Idle")));
    }

    [Test]
    public async Task Trays_and_covers()
    {
        var kyocera = await ReadAsync("pm-kyocera-p2040");
        Assert.That(kyocera.Covers, Is.EqualTo(new[] { new Cover("1.1", "Front Cover", IsOpen: false) }));
        Assert.That(kyocera.Trays.Select(t => (t.Name, t.State, t.Level, t.Capacity)), Is.EqualTo(new[] { ("MP Tray", "measured", (long?)0, (long?)100), ("Cassette 1", "some-remaining", null, 250) }));
        Assert.That(kyocera.Trays[0].Status, Is.EqualTo(new[] { "unavailable-broken", "critical-alerts" }), "19 = 3 + 16");
    }
}
