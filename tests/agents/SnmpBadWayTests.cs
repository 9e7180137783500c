using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Agents.Tests;

/// <summary>What a bad network may cost is time and answers, never a wrong value.</summary>
public class SnmpBadWayTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly SnmpCredential V2C = SnmpCredential.V2C("public"),
        V3 = SnmpCredential.V3("fleet", new(UsmAuthProtocol.Sha1, new("auth passphrase")), new(UsmPrivProtocol.Aes128, new("priv passphrase")));

    private static readonly Dictionary<string, SnmpValue> Objects = Enumerable.Range(1, 300).ToDictionary(i => $"1.3.6.1.9.1.{i}", SnmpValue.Integer32);
    private static readonly Oid Column = Oid.Parse("1.3.6.1.9.1");

    private readonly TimeProvider clock = AgentSamples.SystemClock;     // the way is bad in real time

    [Test]
    public async Task A_third_lost_some_doubled_all_out_of_order([Values] bool isV3)
    {
        using var device = new SnmpV3Device(Objects, clock, V3);
        using var plain = SnmpScriptedDevice.Holding(Objects);
        using var relay = new SnmpLossyRelay(isV3 ? device.Target().EndPoint : plain.EndPoint, new(Loss: 0.3, Doubled: 0.2, Latest: TimeSpan.FromMilliseconds(30)));
        using var client = new SnmpClient(new(Window: 40), clock, new Random(3));
        var target = new SnmpTarget(relay.EndPoint, isV3 ? V3 : V2C, new(TimeSpan.FromMilliseconds(40), 5));
        var replies = await Task.WhenAll(Objects.Keys.Select(name => client.GetAsync(target, [Oid.Parse(name)]))).WaitAsync(Bound);

        var answered = replies.Where(reply => reply.Outcome is SnmpOutcome.Answered).ToList();
        Assert.That(replies.Select(reply => reply.Outcome), Is.All.EqualTo(SnmpOutcome.Answered).Or.EqualTo(SnmpOutcome.TimedOut));
        Assert.That(answered, Has.Count.GreaterThan(150), "six tries at one in two: nearly all, and half on a busy machine");
        Assert.That(answered.Select(reply => reply.VarBinds[0].Value), Is.EqualTo(answered.Select(reply => Objects[reply.VarBinds[0].Name.ToString()])));
        Assert.That((relay.Lost, relay.Doubled), Is.GreaterThan((100, 50)), "the way was as bad as that");
    }

    [Test]
    public async Task A_walk_over_a_bad_way_is_whole_or_says_that_it_is_not()
    {
        using var plain = SnmpScriptedDevice.Holding(Objects, maxVarBinds: 9);
        using var relay = new SnmpLossyRelay(plain.EndPoint, new(Loss: 0.3, Doubled: 0.2, Latest: TimeSpan.FromMilliseconds(20)));
        using var client = new SnmpClient(new(), clock, new Random(3));
        var table = await client.TableAsync(new(relay.EndPoint, V2C, new(TimeSpan.FromMilliseconds(30), 5)), [Column]).WaitAsync(Bound);
        Assert.That(table.Column(Column).Select(cell => cell.Value), Is.EqualTo(Objects.Values.Take(table.Column(Column).Count)));
        Assert.That((table.Outcome, table.Column(Column).Count), Is.EqualTo((SnmpOutcome.Answered, 300)).Or.EqualTo((SnmpOutcome.TimedOut, table.Column(Column).Count)));
    }

    [Test]
    public async Task An_answer_later_than_the_first_try_still_counts([Values] bool isV3)
    {
        using var device = new SnmpV3Device(Objects, clock, V3);
        using var plain = SnmpScriptedDevice.Holding(Objects);
        using var relay = new SnmpLossyRelay(isV3 ? device.Target().EndPoint : plain.EndPoint, new(0, 0, Latest: TimeSpan.Zero, AtLeast: TimeSpan.FromMilliseconds(400)));
        using var client = new SnmpClient(new(), clock, new Random(3));
        var reply = await client.GetAsync(new(relay.EndPoint, isV3 ? V3 : V2C, new(TimeSpan.FromMilliseconds(500), 2)), [Column.Append(7)]).WaitAsync(Bound);
        Assert.That((reply.Outcome, reply.VarBinds[0].Value), Is.EqualTo((SnmpOutcome.Answered, SnmpValue.Integer32(7))), "800 ms there and back, asked again after 500");
    }
}
