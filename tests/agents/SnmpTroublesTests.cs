using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>Devices that are silent, refuse, repeat themselves, never end, or are not who they say.</summary>
public class SnmpTroublesTests
{
    private static readonly Oid SysDescr = Oid.Parse("1.3.6.1.2.1.1.1.0"), Column1 = Oid.Parse("1.3.6.1.9.1"), Column2 = Oid.Parse("1.3.6.1.9.2");

    // How long a test may wait for what must come at once.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly SnmpManualClock clock = new();

    private SnmpClient Client(SnmpClientOptions? options = null) => new(options ?? new(), clock, new Random(42));

    [Test]
    public async Task A_device_that_repeats_itself_is_left_at_once()
    {
        using var device = new SnmpScriptedDevice(r => [(r with { Pdu = r.Pdu.Answer([new(Column1.Append(5), SnmpValue.Integer32(1)), new(Column1.Append(4), SnmpValue.Integer32(1))]) }).Encode()]);
        using var client = Client();
        var table = await client.TableAsync(device.Target(), [Column1]).WaitAsync(Bound);
        Assert.That((table.Outcome, table.Column(Column1).Count, device.Unread), Is.EqualTo((SnmpOutcome.Looped, 1, 1)));
    }

    [Test]
    public async Task A_device_that_walks_for_ever_is_left_at_the_limit()
    {
        uint row = 0;
        using var device = new SnmpScriptedDevice(r => [(r with { Pdu = r.Pdu.Answer([.. Enumerable.Range(0, 10).Select(_ => new VarBind(Column1.Append(++row), SnmpValue.Integer32(1)))]) }).Encode()]);
        using var client = Client(new() { MaxCells = 100 });
        var table = await client.TableAsync(device.Target(), [Column1]).WaitAsync(Bound);
        Assert.That((table.Outcome, table.Column(Column1).Count), Is.EqualTo((SnmpOutcome.LimitReached, 100)));
    }

    [Test]
    public async Task An_empty_answer_ends_the_walk()
    {
        using var device = new SnmpScriptedDevice(r => [(r with { Pdu = r.Pdu.Answer([]) }).Encode()]);
        using var client = Client();
        Assert.That((await client.TableAsync(device.Target(), [Column1])).Outcome, Is.EqualTo(SnmpOutcome.Looped));
        Assert.That((await client.GetAsync(device.Target(), [SysDescr])).Outcome, Is.EqualTo(SnmpOutcome.Refused));
    }

    [Test]
    public async Task A_device_that_refuses_everything_is_asked_a_bounded_number_of_times([Values] bool named)
    {
        using var device = new SnmpScriptedDevice(r => [(r with { Pdu = r.Pdu.Refuse(SnmpErrorStatus.GenErr, named ? 1 : 0) }).Encode()]);
        using var client = Client();
        Assert.That((await client.GetAsync(device.Target(), [.. Enumerable.Range(0, 8).Select(i => SysDescr.Append((uint)i))])).Outcome, Is.EqualTo(SnmpOutcome.Refused));
        Assert.That((await client.TableAsync(device.Target(), [Column1, Column2])).Outcome, Is.EqualTo(SnmpOutcome.Refused));
        Assert.That(device.Unread, Is.LessThan(30));
    }

    [Test]
    public async Task Silence_is_asked_again_under_the_same_id_and_then_given_up()
    {
        using var device = new SnmpScriptedDevice(_ => []);
        using var client = Client();
        var reply = client.GetAsync(device.Target(retries: 2, seconds: 1), [SysDescr]);
        var first = await device.RequestAsync();
        clock.Advance(TimeSpan.FromSeconds(1.3));
        var second = await device.RequestAsync();
        clock.Advance(TimeSpan.FromSeconds(2.5));
        var third = await device.RequestAsync();
        Assert.That(reply.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That((await reply.WaitAsync(Bound)).Outcome, Is.EqualTo(SnmpOutcome.TimedOut));
        Assert.That(new[] { second.Pdu.RequestId, third.Pdu.RequestId }, Is.All.EqualTo(first.Pdu.RequestId));
        Assert.That(clock.Armed, Is.Zero, "no timer outlives its request");
    }

    [Test]
    public async Task What_arrived_before_a_device_fell_silent_is_kept()
    {
        var answered = 0;
        using var device = new SnmpScriptedDevice(r => answered++ > 0 ? [] : [(r with { Pdu = r.Pdu.Answer([new(Column1.Append(1), SnmpValue.Integer32(7))]) }).Encode()]);
        using var client = Client();
        var reading = client.TableAsync(device.Target(seconds: 1), [Column1]);
        await device.RequestAsync();
        for (var smaller = 0; smaller < 3; smaller++)
        {
            await device.RequestAsync();
            clock.Advance(TimeSpan.FromSeconds(2));
        }
        var table = await reading.WaitAsync(Bound);
        Assert.That((table.Outcome, table.Column(Column1).Count), Is.EqualTo((SnmpOutcome.TimedOut, 1)));
    }

    [Test]
    public async Task Silence_after_a_large_question_is_asked_again_in_less()
    {
        using var device = new SnmpScriptedDevice(r => r.Pdu.VarBinds.Count * r.Pdu.MaxRepetitions > 10 ? [] : [SnmpScriptedDevice.Answer(SnmpClientTests.Objects, r)]);
        using var client = Client();
        var reading = client.TableAsync(device.Target(seconds: 1), [Column1, Column2]);
        for (var size = int.MaxValue; size > 10;)
        {
            var asked = (await device.RequestAsync()).Pdu;
            size = asked.VarBinds.Count * asked.MaxRepetitions;
            if (size > 10) clock.Advance(TimeSpan.FromSeconds(2));
        }
        var table = await reading.WaitAsync(Bound);
        Assert.That((table.Outcome, table.Rows(Column1, Column2).Count()), Is.EqualTo((SnmpOutcome.Answered, 3)));
    }

    [Test]
    public async Task A_device_with_endless_text_is_left_at_the_limit()
    {
        uint row = 0;
        using var device = new SnmpScriptedDevice(r => [(r with { Pdu = r.Pdu.Answer([new VarBind(Column1.Append(++row), SnmpValue.OctetString(new byte[30_000]))]) }).Encode()]);
        using var client = Client(new() { MaxOctets = 100_000 });
        var table = await client.TableAsync(device.Target(), [Column1]).WaitAsync(Bound);
        Assert.That((table.Outcome, table.Column(Column1).Count), Is.EqualTo((SnmpOutcome.LimitReached, 4)));
    }

    [Test]
    public async Task A_device_that_drips_is_left_in_time()
    {
        uint row = 0;
        using var device = new SnmpScriptedDevice(r =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            return [(r with { Pdu = r.Pdu.Answer([new VarBind(Column1.Append(++row), SnmpValue.Integer32(1))]) }).Encode()];
        });
        using var client = Client(new() { WalkWithin = TimeSpan.FromSeconds(10) });
        var table = await client.TableAsync(device.Target(seconds: 5), [Column1]).WaitAsync(Bound);
        Assert.That((table.Outcome, table.Column(Column1).Count), Is.EqualTo((SnmpOutcome.LimitReached, 4)));
    }

    [Test]
    public async Task An_answer_from_elsewhere_is_not_an_answer()
    {
        using var stranger = new SnmpScriptedDevice(_ => []);
        using var device = new SnmpScriptedDevice(_ => []);
        using var client = Client();
        var reading = client.GetAsync(device.Target(), [SysDescr]);
        var request = await device.RequestAsync();
        stranger.Send(Says(request, request.Pdu.RequestId, "right id, wrong source"), device.Asker!);
        device.Send(Says(request, request.Pdu.RequestId ^ 1, "wrong id, right source"), device.Asker!);
        device.Send([0x30, 0x84, 0xff, 0xff, 0xff, 0xff], device.Asker!);
        device.Send(Says(request, request.Pdu.RequestId, "true"), device.Asker!);
        Assert.That((await reading.WaitAsync(Bound)).VarBinds[0].Value, Is.EqualTo(SnmpValue.OctetString("true")));

        static byte[] Says(SnmpMessage request, int id, string text) =>
            (request with { Pdu = new(PduType.Response, id, 0, 0, [new(SysDescr, SnmpValue.OctetString(text))]) }).Encode();
    }

    [Test]
    public async Task A_flood_of_nonsense_does_not_deafen()
    {
        using var device = new SnmpScriptedDevice(_ => []);
        using var client = Client();
        var random = new Random(11);
        for (var round = 0; round < 20; round++)
        {
            var reading = client.GetAsync(device.Target(), [SysDescr]);
            var request = await device.RequestAsync();
            var answer = (request with { Pdu = request.Pdu.Answer([new(SysDescr, SnmpValue.OctetString("true"))]) }).Encode();
            for (var i = 0; i < 200; i++)
            {
                var nonsense = answer[..random.Next(answer.Length)];
                for (var flips = random.Next(4); flips > 0 && nonsense.Length > 0; flips--) nonsense[random.Next(nonsense.Length)] = (byte)random.Next(256);
                device.Send(nonsense, device.Asker!);
            }
            device.Send(answer, device.Asker!);
            Assert.That((await reading.WaitAsync(Bound)).VarBinds[0].Value, Is.EqualTo(SnmpValue.OctetString("true")));
        }
    }
}
