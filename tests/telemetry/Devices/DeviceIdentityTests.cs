using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Tests.Devices;

public class DeviceIdentityTests
{
    private static readonly DeviceRef Whole = new("k1", "Kyocera", "VXA1", "00:17:c8:0a:0b:0c", "192.0.2.17");

    [Test]
    public void An_id_never_moves() =>
        Assert.That(DeviceIdentity.IdOf("acme", "hq", Whole), Is.EqualTo("6e9e1399a559e1e4"));

    [Test]
    public void A_serial_number_outlives_address_site_and_key() =>
        Assert.That(
            DeviceIdentity.IdOf("acme", "plant", new DeviceRef("k9", "KYOCERA", " vxa1", "00:00:00:00:00:01", "198.51.100.1")),
            Is.EqualTo(DeviceIdentity.IdOf("acme", "hq", Whole)));

    [Test]
    public void Without_a_serial_number_the_mac_names_it() =>
        Assert.That(
            DeviceIdentity.IdOf("acme", "hq", Whole with { Serial = null, Address = "198.51.100.1" }),
            Is.EqualTo(DeviceIdentity.IdOf("acme", "hq", Whole with { Manufacturer = null, Mac = "00:17:C8:0A:0B:0C" })));

    [Test]
    public void Two_sites_may_use_the_same_address()
    {
        var nameless = new DeviceRef("k1", Address: "192.168.1.10");

        Assert.That(DeviceIdentity.IdOf("acme", "hq", nameless), Is.Not.EqualTo(DeviceIdentity.IdOf("acme", "plant", nameless)));
    }

    [Test]
    public void Two_tenants_never_share_a_device() =>
        Assert.That(DeviceIdentity.IdOf("acme", "hq", Whole), Is.Not.EqualTo(DeviceIdentity.IdOf("globex", "hq", Whole)));

    [Test]
    public void Where_nothing_else_may_leave_the_site_the_agents_key_names_it() =>
        Assert.That(
            DeviceIdentity.IdOf("acme", "hq", new DeviceRef("k1")), Is.Not.EqualTo(DeviceIdentity.IdOf("acme", "hq", new DeviceRef("k2"))));
}
