using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A little network: devices on loopback addresses that all answer at one port.</summary>
internal sealed class DiscoverNet : IDisposable
{
    private static readonly int Port = FreePort();
    private readonly Dictionary<string, SnmpScriptedDevice> devices = [];
    private readonly SnmpClient client;

    public DiscoverNet(string directory, TextWriter words, string addresses, ConcurrentBag<string>? asked = null) : this(directory, words, [addresses], asked) { }

    public DiscoverNet(string directory, TextWriter words, string[] addresses, ConcurrentBag<string>? asked = null, TimeProvider? clock = null, byte salt = 1)
    {
        client = new(new(Asked: (to, _) => asked?.Add(to.Address.ToString())), SystemClock, new Random(3));
        var config = Config(directory) with { Ranges = [.. addresses.Select((list, at) => new RangeConfig(list, Port, at == 0 ? "public" : "other"))] };
        var sweep = new SweepRanges(new(client, Profiles.BuiltIn), (name, _) => Names.TryGetValue(name, out var address) ? Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]) : throw new SocketException((int)SocketError.HostNotFound), SystemClock);
        Ranges = KeepRanges.Load(config, new(words, SystemClock));
        Discover = new(config, Ranges, [salt], sweep, new(client, Profiles.BuiltIn), () => OpenGrant with { Allowed = Allowed }, Followed.Add, clock ?? SystemClock, new(words, SystemClock));
    }

    public KeepRanges Ranges { get; }
    public DiscoverDevices Discover { get; }
    public Dictionary<string, string> Names { get; } = [];
    public List<IReadOnlyList<Target>> Followed { get; } = [];
    public FieldGroups Allowed { get; set; } = FieldGroups.All;

    public Task<Inventory> SweepAsync(Inventory before) => Discover.SweepAsync(before, CancellationToken.None);

    public Task FollowsAsync(string addresses) =>
        Eventually(() => Followed.Count > 0 && string.Join(' ', Followed[^1].Select(target => target.Address).Order()) == addresses, $"'{addresses}' to be followed");

    public void Put(string address, IReadOnlyDictionary<string, SnmpValue> objects) => devices.Add(address, SnmpScriptedDevice.Holding(objects, at: new(IPAddress.Parse(address), Port)));

    public void Take(string address)
    {
        if (devices.Remove(address, out var device)) device.Dispose();
    }

    public void Dispose()
    {
        foreach (var device in devices.Values) device.Dispose();
        client.Dispose();
    }

    /// <summary>One that says who it is.</summary>
    public static PrintersDevice Printer(string serial) => new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA").Has("1.3.6.1.4.1.1347.43.5.1.1.28.1", serial);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
