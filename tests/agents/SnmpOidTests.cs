using Fleet.Snmp;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

public class SnmpOidTests
{
    [TestCase("1.3.6.1.2.1.43.11.1.1.9.1.3")]
    [TestCase("2.999.4294967295")]
    [TestCase("0.0")]
    public void Text_survives_the_round_trip(string text) => Assert.That(Oid.Parse(text).ToString(), Is.EqualTo(text));

    [Test]
    public void A_leading_dot_is_allowed() => Assert.That(Oid.Parse(".1.3.6"), Is.EqualTo(Oid.Parse("1.3.6")));

    [TestCase("")]
    [TestCase("1..3")]
    [TestCase("1.-3")]
    [TestCase("1.4294967296")]
    [TestCase("1.3 ")]
    public void What_is_not_an_oid_is_refused(string text) => Assert.Throws<SnmpFormatException>(() => Oid.Parse(text));

    [Test]
    public void Order_is_by_arc_and_not_by_byte()
    {
        // Encoded, 16383 is ff 7f and 16384 is 81 80 00: bytes alone would turn the walk around.
        Assert.That(Oid.Parse("1.3.16383") < Oid.Parse("1.3.16384"), Is.True);
        Assert.That(Oid.Parse("1.3.128") > Oid.Parse("1.3.127.5"), Is.True);
        Assert.That(Oid.Parse("1.3") < Oid.Parse("1.3.0"), Is.True);
    }

    [Test]
    public void Order_agrees_with_comparing_arcs_one_by_one() =>
        Prop.ForAll(Arcs, Arcs, (a, b) => Math.Sign(new Oid(a).CompareTo(new Oid(b))) == Math.Sign(CompareArcs(a, b))).QuickCheckThrowOnFailure();

    [Test]
    public void A_row_is_what_stands_below_its_column()
    {
        var level = Oid.Parse("1.3.6.1.2.1.43.11.1.1.9");
        Assert.That(level.Append(1, 300).Below(level).ToString(), Is.EqualTo("1.300"));
        Assert.That(Oid.Parse("1.3.6.1.2.1.43.11.1.1.90.1").StartsWith(level), Is.False, "90 is not below 9");
    }

    [Test]
    public void Arcs_are_read_from_both_ends()
    {
        var oid = Oid.Parse("1.3.6.70000.5");
        Assert.That((oid.Count, oid[0], oid[3], oid[-1]), Is.EqualTo((5, 1u, 70000u, 5u)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = oid[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = oid[-6]);
    }

    private static Arbitrary<uint[]> Arcs =>
        Gen.Elements<uint>(0, 1, 5, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, uint.MaxValue)
            .ArrayOf().Select(arcs => arcs.Take(12).ToArray()).ToArbitrary();

    private static int CompareArcs(uint[] a, uint[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++) if (a[i] != b[i]) return a[i].CompareTo(b[i]);
        return a.Length.CompareTo(b.Length);
    }
}
