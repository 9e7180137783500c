using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>Absent is a fact, unknown is not: the two must never meet in a sum.</summary>
public class PrintersTermTests
{
    private static readonly Oid A = Oid.Parse("1.3.1"), B = Oid.Parse("1.3.2"), Key = Oid.Parse("1.3.8"), Value = Oid.Parse("1.3.9");

    private static readonly Term Sum = new(Sum: [new(Oid: A), new(Oid: B)]);

    [Test]
    public void A_part_the_device_has_not_counts_nothing() =>
        Assert.That(Of(Sum, (A, SnmpValue.Integer32(5)), (B, SnmpValue.NoSuchInstance)), Is.EqualTo(new Quantity.Known(5, "1.3.1")));

    [Test]
    public void A_part_the_device_did_not_answer_makes_the_sum_unknown() =>
        Assert.That(Of(Sum, (A, SnmpValue.Integer32(5))), Is.InstanceOf<Quantity.Unknown>());

    [Test]
    public void A_part_that_is_a_special_value_makes_the_sum_unknown() =>
        Assert.That(Of(Sum, (A, SnmpValue.Integer32(5)), (B, SnmpValue.Integer32(-2))), Is.InstanceOf<Quantity.Unknown>());

    [Test]
    public void No_part_is_no_sum() => Assert.That(Of(Sum, (A, SnmpValue.NoSuchObject), (B, SnmpValue.NoSuchInstance)), Is.InstanceOf<Quantity.Absent>());

    [Test]
    public void A_sum_beyond_all_counting_is_unknown() =>
        Assert.That(Of(Sum, (A, SnmpValue.Counter64(long.MaxValue)), (B, SnmpValue.Counter64(long.MaxValue))), Is.InstanceOf<Quantity.Unknown>());

    [Test]
    public void A_difference_below_zero_is_unknown() =>
        Assert.That(Of(new(Difference: [new(Oid: A), new(Oid: B)]), (A, SnmpValue.Integer32(5)), (B, SnmpValue.Integer32(6))), Is.InstanceOf<Quantity.Unknown>());

    [Test]
    public void A_row_is_found_by_what_its_key_says_whatever_its_index()
    {
        var term = new Term(Row: new(Key, ["black & white total", "17"], Value));
        Assert.That(OfTable(term, ("7.2", "Black & White Total", 91), ("1.1", "Full Color", 3)), Is.EqualTo(new Quantity.Known(91, "1.3.9.7.2")));
        Assert.That(OfTable(term, ("1.1", 17, 44)), Is.EqualTo(new Quantity.Known(44, "1.3.9.1.1")), "a number is a name too");
        Assert.That(OfTable(term, ("1.1", "Other", 44)), Is.InstanceOf<Quantity.Absent>());
        Assert.That(OfTable(term, ("1.1", 17, 44), ("1.2", 17, 45)), Is.InstanceOf<Quantity.Unknown>(), "two rows of one name");
    }

    [TestCase("00010400000a5cff", "00", 2652)]
    [TestCase("630104000000014101040000226 0ff", "41", 8800)]
    [TestCase("41010103ff", "41", null, Description = "one byte: a status of old models")]
    [TestCase("ff", "00", null)]
    [TestCase("", "00", null)]
    [TestCase("000104000a", "00", null, Description = "cut off")]
    [TestCase("0001ff00000a5cff", "00", null, Description = "a length beyond the block")]
    [TestCase("0002040000000100010400000a5cff", "00", null, Description = "not in this form: the rest cannot be trusted")]
    public void A_byte_block(string hex, string id, long? value)
    {
        var quantity = Of(new(Block: new(A, id, 4)), (A, SnmpValue.OctetString(Convert.FromHexString(hex.Replace(" ", "")))));
        Assert.That((quantity as Quantity.Known)?.Value, Is.EqualTo(value));
    }

    private static Quantity Of(Term term, params (Oid, SnmpValue)[] scalars) =>
        Quantity.Of(term, new(SnmpOutcome.Answered, scalars.ToDictionary(s => s.Item1, s => s.Item2), SnmpTable.Empty));

    private static Quantity OfTable(Term term, params (string Index, object Key, int Value)[] rows) => Quantity.Of(term, new(SnmpOutcome.Answered, new Dictionary<Oid, SnmpValue>(),
        new(SnmpOutcome.Answered, new()
        {
            [Key] = new(rows.ToDictionary(r => Oid.Parse(r.Index), r => r.Key is int number ? SnmpValue.Integer32(number) : SnmpValue.OctetString((string)r.Key))),
            [Value] = new(rows.ToDictionary(r => Oid.Parse(r.Index), r => SnmpValue.Integer32(r.Value)))
        })));
}
