using Fleet.Printers;
using Fleet.Snmp;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

/// <summary>Whatever a device answers to whatever it was asked: a reading comes out, and every number in it keeps its promise.</summary>
public class PrintersFuzzTests
{
    private static readonly string[] Texts = ["", "SN:1", "Prints", "\0\0", " x ", "A3", "total", "\ufffd", "\ud83d\ude00", "201"];
    private static readonly string[] Names = ["0.0", "1.3.6.1.2.1.25.3.1.5", "1.3.6.1.4.1.2435.2.3.9.1"];
    private static readonly string[] Indexes = ["1", "1.1", "1.2", "1.30", "7.1", "0", "4294967295.4294967295", "1.1.1.1"];
    private static readonly int[] Numbers = [-7, -3, -2, -1, 0, 1, 3, 4, 100, int.MaxValue, int.MinValue];

    [Test]
    public void Every_answer_gives_a_reading_that_keeps_its_promises([ValueSource(nameof(Profiles))] string name)
    {
        var profile = Fleet.Printers.Profiles.BuiltIn.All.Single(p => p.Name == name);
        var questions = Questions.For(profile, FieldGroups.All);
        var answers = Gen.Choose(0, int.MaxValue).Select(seed => Make(questions, new Random(seed)));
        Prop.ForAll(answers.ToArbitrary(), a => Keeps(Probe.Fold(a, profile, FieldGroups.All))).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static IEnumerable<string> Profiles() => Fleet.Printers.Profiles.BuiltIn.All.Select(p => p.Name);

    private static Answers Make(Questions questions, Random random) => new(
        SnmpOutcome.Answered,
        questions.Scalars.Concat(Questions.First(FieldGroups.All)).Distinct().ToDictionary(oid => oid, _ => Value(random)),
        new(SnmpOutcome.Answered, questions.Columns.ToDictionary(oid => oid, _ => new SortedList<Oid, SnmpValue>(
            Enumerable.Range(0, random.Next(6)).Select(_ => Oid.Parse(One(Indexes, random))).Distinct().ToDictionary(index => index, _ => Value(random))))),
        random.Next(-5, 2300));

    private static SnmpValue Value(Random random)
    {
        var octets = new byte[random.Next(12)];
        random.NextBytes(octets);
        return random.Next(8) switch
        {
            0 or 1 => SnmpValue.Integer32(One(Numbers, random)),
            2 => SnmpValue.Counter32((uint)random.NextInt64(1L + uint.MaxValue)),
            3 => SnmpValue.Counter64(random.Next(2) == 0 ? ulong.MaxValue : long.MaxValue),
            4 => SnmpValue.OctetString(octets),
            5 => SnmpValue.OctetString(One(Texts, random)),
            6 => SnmpValue.Oid(Oid.Parse(One(Names, random))),
            _ => One([SnmpValue.Null, SnmpValue.NoSuchInstance, SnmpValue.NoSuchObject, SnmpValue.EndOfMibView, SnmpValue.Opaque(octets)], random)
        };
    }

    private static T One<T>(T[] of, Random random) => of[random.Next(of.Length)];

    private static bool Keeps(PrinterReading reading) =>
        reading.Counters.All(c => c.Value >= 0)
        && reading.Supplies.All(s => s.Percent is null ? s.State != "measured" || s.Capacity is null : s is { Percent: >= 0 and <= 100, Level: >= 0, Capacity: > 0, State: "measured" })
        && reading.Supplies.Select(s => s.Slot).Distinct().Count() == reading.Supplies.Count
        && new[] { reading.Model, reading.Serial, reading.Firmware, reading.Name, reading.Location }.All(text => text is null || (text.Length is > 0 and <= 255 && !text.Any(char.IsControl)))
        && (reading.Mac is null || reading.Mac.Length == 17);
}
