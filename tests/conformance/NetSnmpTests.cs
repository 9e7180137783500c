using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests;

/// <summary>Both directions against net-snmp: our client asks its snmpd, its tools ask an agent made of our codec.</summary>
public class NetSnmpTests
{
    private static readonly Oid System = Oid.Parse("1.3.6.1.2.1.1"), HostResources = Oid.Parse("1.3.6.1.2.1.25.2");

    private Peer? snmpd;

    [OneTimeSetUp]
    public async Task Start() =>
        snmpd = await Peer.StartAsync(Needs.Program("snmpd"), (folder, endPoint) =>
        {
            var configuration = Path.Combine(folder, "snmpd.conf");
            File.WriteAllText(configuration, "rocommunity public 127.0.0.1\nsysLocation Cellar 2\nsysContact nobody\n");
            return ["-f", "-Lo", "-C", "-c", configuration, "-p", Path.Combine(folder, "snmpd.pid"), "-I", "-usmConf", $"udp:{endPoint}"];
        }, community: "public");

    [OneTimeTearDown]
    public void Stop() => snmpd?.Dispose();

    [Test]
    public async Task A_walk_sees_what_snmpbulkwalk_sees([Values] SnmpVersion version)
    {
        using var client = Ask.Client();
        var ours = await client.WalkAsync(Ask.Target(snmpd!.EndPoint, "public", version), System);
        var theirs = await RunAsync("snmpbulkwalk", "-v2c", "-c", "public", "-On", "-Oq", snmpd.EndPoint.ToString(), System.ToString());
        Assert.That(ours.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(ours.VarBinds.Select(v => "." + v.Name), Is.EqualTo(theirs.Select(line => line.Split(' ')[0]).Where(name => name.StartsWith('.'))));
    }

    [Test]
    public async Task Columns_of_a_big_table_are_whole([Values(1, 7, 60)] int varBindsPerBulk)
    {
        using var client = Ask.Client(new(VarBindsPerBulk: varBindsPerBulk));
        Oid[] columns = [HostResources.Append(3, 1, 2), HostResources.Append(3, 1, 3), HostResources.Append(3, 1, 5)];
        var table = await client.TableAsync(Ask.Target(snmpd!.EndPoint, "public"), columns);
        var walk = await client.WalkAsync(Ask.Target(snmpd.EndPoint, "public"), columns[1]);
        Assert.That(table.Column(columns[1]).Select(cell => cell.Value), Is.EqualTo(walk.VarBinds.Select(v => v.Value)));
        Assert.That(walk.VarBinds, Is.Not.Empty);
    }

    [Test]
    public async Task A_host_that_prints_nothing_is_no_printer()
    {
        using var client = Ask.Client();
        var reading = await Ask.ReadAsync(client, Ask.Target(snmpd!.EndPoint, "public"));
        Assert.That((reading.IsPrinter, reading.Location, reading.Profile.Name), Is.EqualTo((false, "Cellar 2", "generic")));
    }

    [Test]
    public async Task Its_tools_read_what_our_codec_answers()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        VarBind[] objects =
        [
            new(System.Append(1, 0), SnmpValue.OctetString("A printer")),
            new(System.Append(2, 0), SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.2435.2.3.9.1"))),
            new(System.Append(3, 0), SnmpValue.TimeTicks(4294967295)),
            new(System.Append(4, 0), SnmpValue.Integer32(-3)),
            new(System.Append(5, 0), SnmpValue.Counter32(4294967290)),
            new(System.Append(6, 0), SnmpValue.Gauge32(128)),
            new(System.Append(7, 0), SnmpValue.Counter64(18446744073709551615)),
            new(System.Append(8, 0), SnmpValue.IpAddress(IPAddress.Parse("10.1.2.3"))),
            new(System.Append(9, 300, 70000), SnmpValue.OctetString(new byte[200]))
        ];
        _ = AnswerAsync(socket, objects);
        var lines = await RunAsync("snmpbulkwalk", "-v2c", "-c", "any", "-On", "-OQ", "-Ot", "-m", "", socket.LocalEndPoint!.ToString()!, System.ToString());
        string[] expected =
        [
            ".1.3.6.1.2.1.1.1.0 = \"A printer\"", ".1.3.6.1.2.1.1.2.0 = .1.3.6.1.4.1.2435.2.3.9.1", ".1.3.6.1.2.1.1.3.0 = 4294967295", ".1.3.6.1.2.1.1.4.0 = -3",
            ".1.3.6.1.2.1.1.5.0 = 4294967290", ".1.3.6.1.2.1.1.6.0 = 128", ".1.3.6.1.2.1.1.7.0 = 18446744073709551615", ".1.3.6.1.2.1.1.8.0 = 10.1.2.3"
        ];
        Assert.That(lines.Take(8), Is.EqualTo(expected));
        Assert.That(lines[8], Does.StartWith(".1.3.6.1.2.1.1.9.300.70000 = "));
    }

    private static async Task AnswerAsync(Socket socket, VarBind[] objects)
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var request = SnmpMessage.Decode(buffer.AsSpan(0, got.ReceivedBytes));
                var at = request.Pdu.VarBinds[0].Name;
                var rows = objects.Where(o => o.Name > at).Append(new(at, SnmpValue.EndOfMibView)).Take(Math.Max(1, request.Pdu.MaxRepetitions));
                await socket.SendToAsync((request with { Pdu = request.Pdu.Answer([.. rows]) }).Encode(), got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private static async Task<string[]> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Needs.Program(tool), arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
