using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;
using Fleet.Snmp.Notifications;

namespace Fleet.Agent.Hearing;

// trap or inform -> whose address -> that device is visited now instead of at its next minute

/// <summary>
/// Lets devices say that something happened. What a notification holds is not kept and not reported: it only brings a visit forward, which asks
/// what a grant allows, as every visit does.
/// </summary>
public sealed class HearTraps : IDisposable
{
    private readonly SnmpListener listener;
    private readonly AgentLog log;

    /// <exception cref="ConfigException">The port cannot be had.</exception>
    public HearTraps(TrapsConfig config, string stateDir, Surroundings around)
    {
        log = around.Log;
        var (engine, boots) = EngineFile.Next(stateDir, around.FreshBytes);
        try
        {
            listener = new(new(new(IPAddress.Parse(config.Address), config.Port), config.Opens, engine, boots), around.Clock, around.FreshRandom());
        }
        catch (SocketException taken)
        {
            throw new ConfigException($"traps.port: cannot listen on {config.Address}, UDP port {config.Port}: {taken.Message}");
        }
        log.Info($"listening for traps and informs on {listener.EndPoint}, SNMPv3 engine {engine}");
    }

    public IPEndPoint EndPoint => listener.EndPoint;

    /// <param name="lookNow">Takes the address a device spoke from; false when there is no such device.</param>
    public async Task RunAsync(Func<string, bool> lookNow, CancellationToken stop)
    {
        try
        {
            await foreach (var heard in listener.Notifications.ReadAllAsync(stop)) lookNow(heard.Source.Address.ToString());
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception broken)
        {
            log.Error($"traps are not heard any more: {broken.GetType().Name}: {broken.Message}");      // devices are still visited at their times
        }
        if (listener.Dropped > 0) log.Warn($"{listener.Dropped} traps and informs came faster than they could be read");
    }

    public void Dispose() => listener.Dispose();
}
