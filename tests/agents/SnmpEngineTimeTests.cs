using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Agents.Tests;

/// <summary>RFC 3414 §2.3 and §3.2 step 7, on both sides.</summary>
public class SnmpEngineTimeTests
{
    private static readonly SnmpEngineId Id = SnmpEngineId.Of(8072, "x"u8);

    private readonly SnmpManualClock clock = new();

    [Test]
    public void Anothers_time_goes_on_while_we_do_not_look()
    {
        var engine = new RemoteEngine(Id, 4, 1000, clock);
        clock.Advance(TimeSpan.FromSeconds(77.9));
        Assert.That(engine.Now(), Is.EqualTo((4, 1077)));
    }

    [TestCase(4, 1000, true, "the same moment")]
    [TestCase(4, 850, true, "150 s late")]
    [TestCase(4, 849, false, "151 s late")]
    [TestCase(4, 90_000, true, "ahead: it is followed")]
    [TestCase(5, 0, true, "restarted")]
    [TestCase(3, 5000, false, "from before it restarted")]
    [TestCase(int.MaxValue, 0, false, "an engine at its last boots is never in time")]
    public void What_comes_late_is_not_taken(int boots, int time, bool isTaken, string why)
    {
        var engine = new RemoteEngine(Id, 1, 1, clock);
        Assert.That(engine.Admit(4, 1000), Is.True, "the first authenticated time replaces the guess");
        Assert.That(engine.Admit(boots, time), Is.EqualTo(isTaken), why);
    }

    [Test]
    public void A_guess_is_replaced_even_by_an_earlier_time()
    {
        var engine = new RemoteEngine(Id, int.MaxValue, 5, clock);
        Assert.That(engine.Admit(2, 7), Is.True);
        Assert.That(engine.Now(), Is.EqualTo((2, 7)));
        Assert.That(engine.Admit(1, 7), Is.False, "what is authenticated is not");
    }

    [TestCase(3, 0, true)]
    [TestCase(3, 250, true)]
    [TestCase(3, 251, false)]
    [TestCase(2, 100, false)]
    [TestCase(4, 100, false)]
    public void Our_own_time_is_fixed(int boots, int time, bool isInTime)
    {
        var engine = new LocalEngine(Id, 3, clock);
        clock.Advance(TimeSpan.FromSeconds(100));
        Assert.That(engine.IsInTime(boots, time), Is.EqualTo(isInTime));
    }

    [Test]
    public void At_its_last_boots_our_engine_is_never_in_time() => Assert.That(new LocalEngine(Id, int.MaxValue, clock).IsInTime(int.MaxValue, 0), Is.False);

    [TestCase("0102030405")]
    [TestCase("80001f8804666c656574")]
    public void An_engine_id_is_its_octets(string hex)
    {
        var id = new SnmpEngineId(Convert.FromHexString(hex));
        Assert.That((id.ToString(), id), Is.EqualTo((hex, SnmpEngineId.FromWire(Convert.FromHexString(hex)))));
    }

    [TestCase("")]
    [TestCase("01020304")]
    [TestCase("000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f00")]
    public void An_engine_id_of_another_length_is_refused(string hex) => Assert.Throws<ArgumentException>(() => new SnmpEngineId(Convert.FromHexString(hex)));
}
