using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent probe ADDRESS</c>: what the agent would see of one device; nothing is kept or sent.</summary>
internal static class ProbeCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static Command Build(Surroundings around, TextWriter output)
    {
        var address = new Argument<string>("address") { Description = "IP address of the device" };
        var port = new Option<int>("--port") { Description = "UDP port", DefaultValueFactory = _ => SnmpTarget.DefaultPort };
        var credential = new CredentialOptions();
        var json = new Option<bool>("--json") { Description = "The whole reading as JSON" };
        var command = new Command("probe", "Read one device and print what it says") { address, port, json };
        credential.AddTo(command);
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(address), out _)) throw new ConfigException($"'{parsed.GetValue(address)}' is no IP address");
            var target = Target.Of(new(parsed.GetValue(address)!, parsed.GetValue(port)) { Opens = credential.Read(parsed) }, salt: []);
            using var client = new SnmpClient(new(), around.Clock, around.FreshRandom());
            var reading = await new Probe(client, Profiles.BuiltIn).ReadAsync(target.Snmp, FieldGroups.All, stop);
            if (reading.SysObjectId is null && reading.Outcome.IsClosed)
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{target.Address}, UDP port {parsed.GetValue(port)}, {target.Snmp.Credential}: {reading.Outcome.InWords}{Hint(reading.Outcome)}"));
                return ExitCodes.NoAnswer;
            }
            if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(reading, Json));
            else foreach (var line in Card(target.Address, reading)) await output.WriteLineAsync(line);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static string Hint(SnmpOutcome outcome) => outcome is SnmpOutcome.TimedOut ? " (many devices keep silent when the community, the privacy passphrase or the context is wrong)" : "";

    private static IEnumerable<string> Card(string address, PrinterReading reading)
    {
        yield return $"{reading.Manufacturer ?? "?"} {reading.Model ?? "?"} at {address}{(reading.IsPrinter ? "" : " (no printer)")}";
        yield return $"  serial {reading.Serial ?? "-"}   MAC {reading.Mac ?? "-"}   firmware {reading.Firmware ?? "-"}   name {reading.Name ?? "-"}   location {reading.Location ?? "-"}";
        yield return $"  read with profile {reading.Profile.Name} {reading.Profile.Version}{(reading.Outcome == SnmpOutcome.Answered ? "" : $"; not whole: {reading.Outcome}")}";
        if (reading.Status is { } status) yield return $"  status {status.Device}, {status.Printer}{(status.Errors.Count > 0 ? ": " + string.Join(", ", status.Errors) : "")}";
        foreach (var counter in reading.Counters) yield return Line($"  counter  {counter.Name,-14} {counter.Value,12} {counter.Unit,-12} {counter.Oid}");
        foreach (var supply in reading.Supplies)
            yield return Line($"  supply   {supply.Slot,-14} {(supply.Percent is { } percent ? Line($"{percent} %") : supply.State),12} {supply.Type,-12} {supply.Description}{(supply.Color is null ? "" : $" ({supply.Color})")}");
        foreach (var tray in reading.Trays) yield return Line($"  tray     {tray.Slot,-14} {tray.Level?.ToString(CultureInfo.InvariantCulture) ?? tray.State,12} {tray.Unit,-12} {tray.Name}");
        foreach (var alert in reading.Alerts) yield return Line($"  alert    {alert.Index,-14} {alert.Severity,12} {alert.Group,-12} {alert.Code} {alert.Description}");
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
