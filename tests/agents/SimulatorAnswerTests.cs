using System.Net;
using System.Net.Sockets;
using Fleet.Simulator.Answering;
using Fleet.Simulator.Mib;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

public class SimulatorAnswerTests
{
    private const string LifeCount = "1.3.6.1.2.1.43.10.2.1.4.1.1";
    private static readonly DateTimeOffset At = new(2026, 10, 14, 9, 41, 0, TimeSpan.Zero);

    [Test]
    public void Every_model_walks_from_end_to_end_in_order_without_repeating()
    {
        foreach (var view in OnePrinterOfEachModel().Select(printer => new MibView(printer.At(At))))
        {
            var walked = 0;
            for (var name = new Oid(1, 3); view.Next(name) is { } next; name = next.Name, walked++) Assert.That(next.Name, Is.GreaterThan(name));
            Assert.That(walked, Is.InRange(80, 1000));
        }
    }

    [Test]
    public void The_life_count_is_the_mono_and_colour_total_of_the_account()
    {
        foreach (var state in OnePrinterOfEachModel().Select(printer => printer.At(At)))
            Assert.That(new MibView(state).Get(Oid.Parse(LifeCount)), Is.EqualTo(SnmpValue.Counter32((uint)(state.Pages.Mono + state.Pages.Color))));
    }

    [Test]
    public void Version_2_tells_a_missing_instance_from_a_missing_object()
    {
        var answer = Ask(SnmpVersion.V2C, SnmpPdu.Get(1, Names("1.3.6.1.2.1.43.11.1.1.9.1.99", "1.3.6.1.9.9", LifeCount)));
        Assert.That(answer.VarBinds.Select(value => value.Value.Type), Is.EqualTo(new[] { SnmpType.NoSuchInstance, SnmpType.NoSuchObject, SnmpType.Counter32 }));
    }

    [Test]
    public void Version_1_fails_the_request_and_names_the_place()
    {
        var answer = Ask(SnmpVersion.V1, SnmpPdu.Get(1, Names(LifeCount, "1.3.6.1.9.9")));
        Assert.That((answer.ErrorStatus, answer.ErrorIndex), Is.EqualTo((SnmpErrorStatus.NoSuchName, 2)));
    }

    [Test]
    public void The_end_of_the_view_is_said_in_each_versions_way()
    {
        Assert.That(Ask(SnmpVersion.V2C, SnmpPdu.GetNext(1, Names("2.1"))).VarBinds[0].Value.Type, Is.EqualTo(SnmpType.EndOfMibView));
        Assert.That(Ask(SnmpVersion.V1, SnmpPdu.GetNext(1, Names("2.1"))).ErrorStatus, Is.EqualTo(SnmpErrorStatus.NoSuchName));
    }

    [Test]
    public void A_bulk_answer_is_cut_to_what_fits_one_frame()
    {
        var datagram = Answer.To(new(SnmpVersion.V2C, "public"u8.ToArray(), SnmpPdu.GetBulk(1, 0, 100, Names("1.3.6.1.2.1"))), View());
        Assert.That(datagram!.Length, Is.InRange(800, Answer.MaxBytes));
    }

    [Test]
    public void What_cannot_be_cut_is_too_big()
    {
        var names = Names([.. Enumerable.Repeat("1.3.6.1.2.1.1.1.0", 60)]);
        Assert.That(Ask(SnmpVersion.V2C, SnmpPdu.Get(1, names)).ErrorStatus, Is.EqualTo(SnmpErrorStatus.TooBig));
    }

    [Test]
    public void Nothing_can_be_set() =>
        Assert.That(Ask(SnmpVersion.V2C, new SnmpPdu(PduType.Set, 1, 0, 0, Names(LifeCount))).ErrorStatus, Is.EqualTo(SnmpErrorStatus.NotWritable));

    [Test]
    public async Task Running_printers_answer_each_on_its_own_address_and_log_what_was_asked()
    {
        var log = Path.Combine(Path.GetTempPath(), $"fleet-packets-{Environment.ProcessId}.log");
        await using (var packets = new PacketLog(log))
        await using (var running = await RunningPrinters.StartAsync(PlacedPrinter.Place(1, 300, TenantSplit.Parse("acme:2,globex:1"), 17003), 0, new StoppedClock(At), log: packets))
        {
            foreach (var placed in new[] { running.Placed[0], running.Placed[299] })
            {
                var answer = await OverUdp(placed.Address, running.Port, "public");
                Assert.That(answer!.Pdu.VarBinds[0].Value, Is.EqualTo(SnmpValue.Counter32((uint)placed.Printer.At(At).Pages.Total)));
            }
            Assert.That(await OverUdp(running.Placed[0].Address, running.Port, "secret"), Is.Null, "a wrong community is silence");
            Assert.That(running.Manifest.Count(entry => entry.Tenant == "acme"), Is.EqualTo(200));
        }
        var lines = await File.ReadAllLinesAsync(log);
        File.Delete(log);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.Contain(LifeCount));
    }

    private sealed class StoppedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }

    private static async Task<SnmpMessage?> OverUdp(IPAddress address, int port, string community)
    {
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(community == "public" ? 5000 : 300));
        var request = new SnmpMessage(SnmpVersion.V2C, System.Text.Encoding.UTF8.GetBytes(community), SnmpPdu.Get(1, Names(LifeCount))).Encode();
        await socket.SendAsync(request, new IPEndPoint(address, port), patience.Token);
        try
        {
            return SnmpMessage.Decode((await socket.ReceiveAsync(patience.Token)).Buffer);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static IEnumerable<VirtualPrinter> OnePrinterOfEachModel() =>
        Enumerable.Range(0, 60).Select(number => new VirtualPrinter(1, number)).DistinctBy(printer => printer.Personality).Take(Personality.All.Count);

    private static MibView View() => new(new VirtualPrinter(1, 0).At(At));

    private static SnmpPdu Ask(SnmpVersion version, SnmpPdu pdu) =>
        SnmpMessage.Decode(Answer.To(new(version, "public"u8.ToArray(), pdu), View())!).Pdu;

    private static List<VarBind> Names(params string[] oids) => [.. oids.Select(oid => VarBind.Asked(Oid.Parse(oid)))];
}
