using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;
using Spectre.Console;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent probe ADDRESS</c>: what the agent would see of one device; nothing is kept or sent.</summary>
internal static class ProbeCommand
{
    public static Command Build(Surroundings around, TextWriter output)
    {
        var address = new Argument<string>("address") { Description = "IP address or host name of the device" };
        var port = new Option<int>("--port") { Description = "UDP port", DefaultValueFactory = _ => SnmpTarget.DefaultPort };
        var credential = new CredentialOptions();
        var profiles = Options.Profiles();
        var explain = Options.Explain();
        var json = new Option<bool>("--json") { Description = "The whole reading as JSON" };
        var command = new Command("probe", "Read one device and print what it says") { address, port, profiles, explain, json };
        credential.AddTo(command);
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            var known = ReadProfiles.From(parsed.GetValue(profiles));
            var target = Target.Of(new(await AddressAsync(parsed.GetValue(address)!, stop), parsed.GetValue(port)) { Opens = credential.Read(parsed) }, salt: []);
            using var client = new SnmpClient(Probe.Asking, around.Clock, around.FreshRandom());
            var explained = await new Probe(client, known).ExplainAsync(target.Snmp, FieldGroups.All, stop);
            var reading = explained.Reading;
            if (reading.SysObjectId is null && reading.Outcome.IsClosed) return await TroubleAsync(await ProbeTrouble.NoAnswerAsync(client, target, reading.Outcome, stop), ExitCodes.NoAnswer);
            if (!reading.IsPrinter) return await TroubleAsync(await ProbeTrouble.NoPrinterAsync(client, target, known, stop), ExitCodes.NoPrinter);
            if (parsed.GetValue(json)) await output.WriteLineAsync(Data(explained, parsed.GetValue(explain)).ToJsonString(ReadingJson.Whole.Options));
            else Print(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) }), output, target.Address, explained, parsed.GetValue(explain));
            return ExitCodes.Ok;
        }));
        return command;
    }

    /// <summary>A card on a terminal, lines elsewhere.</summary>
    internal static void Print(IAnsiConsole console, TextWriter output, string address, Explained explained, bool explain)
    {
        if (console.Profile.Out.IsTerminal) console.Write(ProbeCard.Of(address, explained.Reading));
        else foreach (var line in ProbeLines.Of(address, explained.Reading)) output.WriteLine(line);
        if (!explain) return;
        foreach (var line in explained.Evidence.SelectMany(EvidenceWords.Explained).Append($"profile {explained.Reading.Profile.Name}: {explained.Source}")) output.WriteLine(line);
    }

    private static JsonNode Data(Explained explained, bool explain)
    {
        var reading = JsonSerializer.SerializeToNode(explained.Reading, ReadingJson.Whole.PrinterReading)!;
        if (explain) (reading["evidence"], reading["notFound"]) = (JsonSerializer.SerializeToNode(explained.Evidence, ReadingJson.Whole.IReadOnlyListEvidence), JsonSerializer.SerializeToNode(explained.NotFound, ReadingJson.Whole.IReadOnlyListString));
        return reading;
    }

    private static async Task<int> TroubleAsync(string words, int code)
    {
        await Console.Error.WriteLineAsync(words);
        return code;
    }

    private static async Task<string> AddressAsync(string address, CancellationToken stop)
    {
        if (IPAddress.TryParse(address, out _)) return address;
        try
        {
            return (await Dns.GetHostAddressesAsync(address, stop)).OrderBy(one => one.AddressFamily).First().ToString();
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            throw new ConfigException($"'{address}' is no IP address, and no address is known for such a name");
        }
    }
}
