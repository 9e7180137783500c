using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;
using Fleet.Agent.Publishing;
using Spectre.Console;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent enrol</c>: shows a code, waits until somebody approves it, and keeps what the agent needs to run.</summary>
internal static class EnrolCommand
{
    public static Command Build(Surroundings around, TextWriter output)
    {
        var api = new Option<string?>("--api") { Description = "Origin of Fleet's API, https://…; that of the configuration when left out" };
        var config = new Option<string?>("--config") { Description = "The agent's configuration file; written when there is none, else checked" };
        var state = new Option<string?>("--state") { Description = "The agent's state directory; stateDir of the configuration, or 'state' beside it, when left out" };
        var ca = new Option<string?>("--ca") { Description = "PEM with the roots API and broker are believed under; the system's own when left out" };
        var proxy = new Option<string?>("--proxy") { Description = "HTTP proxy to get out by, http://host:port" };
        var json = new Option<bool>("--json") { Description = "Two lines of JSON: the code, then what came of it" };
        var command = new Command("enrol", "Have this agent let in at a site: shows a code and a QR code, and waits for a person to approve it") { api, config, state, ca, proxy, json };
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            var place = EnrolPlace.Of(parsed.GetValue(api), parsed.GetValue(config), parsed.GetValue(state), parsed.GetValue(ca), parsed.GetValue(proxy));
            var trust = ServerTrust.From(place.CaFile);
            using var http = TokenSource.Http(trust, place.Proxy);
            try
            {
                using var held = StateDirectory.Open(place.StateDir);
                var issuer = new AskIssuer(http, around.Clock, around.FreshBytes);
                var broker = place.Config is null ? await FindBroker.AtAsync(place.Api, http, stop) : null;
                var flow = new DeviceFlow(place.Api, held.Key, issuer, around.Clock);
                var invitation = await flow.AskAsync(stop);
                if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(invitation, EnrolJson.Lines.Invitation));
                else ShowInvitation.On(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) }), output, invitation);
                output.Flush();
                var enrolment = await flow.WaitAsync(invitation, around.Log.Warn, stop);
                enrolment.Write(place.StateDir);
                return Finish(enrolment, place, broker, parsed.GetValue(json), around, output);
            }
            catch (NotEnrolledException no)
            {
                around.Log.Error(no.Message);
            }
            catch (HttpRequestException away)
            {
                around.Log.Error(Failure.Of(away, place.AsConfig, trust.LastDoubt).Line);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                around.Log.Error("stopped before anybody approved: this agent is not enrolled");
            }
            return ExitCodes.NotEnrolled;
        }));
        return command;
    }

    private static int Finish(Enrolment enrolment, EnrolPlace place, Uri? broker, bool json, Surroundings around, TextWriter output)
    {
        var differences = place.Config is { } written ? place.Differences(enrolment, written).ToList() : [];
        if (broker is not null && place.File is { } file && Unwritten(file, WriteConfig.Text(enrolment, broker, place.CaFile, place.Proxy?.Address, place.StateDir)) is { } why) differences.Add(why);
        foreach (var difference in differences) around.Log.Error($"{place.File}: {difference}");
        if (json) output.WriteLine(JsonSerializer.Serialize(new Enrolled(enrolment.Tenant, enrolment.Site, enrolment.AgentId, enrolment.KeyId, place.File, differences), EnrolJson.Lines.Enrolled));
        else
        {
            output.WriteLine($"enrolled as agent {enrolment.AgentId} of {enrolment.Tenant}/{enrolment.Site}");
            if (differences.Count == 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"next: {(broker is null || place.File is null ? "" : $"name the devices' addresses in {place.File} (ranges), then ")}fleet-agent run --config {place.File ?? "FILE"}"));
        }
        return differences.Count == 0 ? ExitCodes.Ok : ExitCodes.Usage;
    }

    // Enrolled it is all the same: so the text is not lost with the file.
    private static string? Unwritten(string file, string text)
    {
        try
        {
            WriteConfig.To(file, text);
            return null;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return $"cannot be written ({denied.Message}); it is to hold: {JsonNode.Parse(text)!.ToJsonString()}";
        }
    }
}

/// <summary>What came of it, as data.</summary>
/// <param name="Config">Where the configuration is, or was to be.</param>
/// <param name="Differences">What of it does not fit the enrolment, or why it could not be written.</param>
internal sealed record Enrolled(string Tenant, string Site, string AgentId, string KeyId, string? Config, IReadOnlyList<string> Differences);

[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(Enrolled))]
internal sealed partial class EnrolJson : JsonSerializerContext
{
    /// <summary>One line each; nothing escaped that need not be.</summary>
    public static EnrolJson Lines { get; } = new(new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
