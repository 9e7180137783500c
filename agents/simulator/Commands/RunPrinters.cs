using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;

namespace Fleet.Simulator.Commands;

/// <summary><c>fleet-simulator run</c>: printers until Ctrl-C or SIGTERM.</summary>
internal static class RunPrinters
{
    public static Command Build(TimeProvider clock, TextWriter output)
    {
        var printers = new Option<int>("--printers") { Description = "How many", DefaultValueFactory = _ => 24 };
        var seed = new Option<long>("--seed") { Description = "The same seed gives the same printers, for any time", DefaultValueFactory = _ => 1 };
        var port = new Option<int>("--port") { Description = "UDP port of all of them; their loopback network follows from it", DefaultValueFactory = _ => 16161 };
        var split = new Option<string>("--tenant-split") { Description = "Who owns them, in turns", DefaultValueFactory = _ => "acme:2,globex:1" };
        var manifest = new Option<string?>("--manifest") { Description = "Write {tenant, address, port, community, serial, model} of each here once all answer" };
        var log = new Option<string?>("--log") { Description = "Append every request here as a JSON line: time, printer, OIDs asked, OIDs told" };
        var troubles = new Option<double>("--troubles") { Description = "How much more often than usual something goes wrong; pages stay the same", DefaultValueFactory = _ => 1 };
        var loss = new Option<double>("--loss") { Description = "Percent of requests that get lost, for tests" };
        var delay = new Option<int>("--delay") { Description = "Milliseconds before each answer, for tests" };
        var command = new Command("run", "Answer SNMP v1/v2c (community 'public') for many virtual printers") { printers, seed, port, split, manifest, log, troubles, loss, delay };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                var placed = PlacedPrinter.Place(parsed.GetValue(seed), parsed.GetValue(printers), TenantSplit.Parse(parsed.GetValue(split)!), parsed.GetValue(port), parsed.GetValue(troubles));
                var disturbance = new Disturbance(parsed.GetValue(loss), TimeSpan.FromMilliseconds(parsed.GetValue(delay)));
                await using var packets = parsed.GetValue(log) is { } path ? new PacketLog(path) : null;
                await using var running = await RunningPrinters.StartAsync(placed, parsed.GetValue(port), clock, disturbance, packets);
                if (parsed.GetValue(manifest) is { } file) Manifest.Write(file, running.Manifest);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{placed.Count} printers answer on {placed[0].Address} … {placed[^1].Address}, UDP port {running.Port}"));
                await StoppedAsync(stop);
                return ExitCodes.Ok;
            }
            catch (SocketException taken)
            {
                await Console.Error.WriteLineAsync($"fleet-simulator: cannot bind UDP port {parsed.GetValue(port)}: {taken.Message}");
                return ExitCodes.PortTaken;
            }
            catch (Exception wrong) when (wrong is FormatException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"fleet-simulator: {wrong.Message}");
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static async Task StoppedAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var onStop = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
