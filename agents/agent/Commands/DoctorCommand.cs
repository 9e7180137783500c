using System.CommandLine;
using System.Text.Json;
using Fleet.Agent.Configuration;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Granting;
using Fleet.Agent.Publishing;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent doctor</c>: what stands in the way, and what to do about it. Sends no event.</summary>
internal static class DoctorCommand
{
    public static Command Build(Surroundings around, TextWriter output, Func<string, string?>? environment = null)
    {
        var config = Options.Config();
        var json = new Option<bool>("--json") { Description = "The findings as data" };
        var command = new Command("doctor", "Check name, TLS, clock, enrolment, token, grant, broker, state directory and devices; exit 1 when something needs you") { config, json };
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            var settings = ReadConfig.From(parsed.GetValue(config)!);
            var trust = ServerTrust.From(settings.Broker.CaFile);
            using var http = TokenSource.Http(trust, settings.Proxy);
            var running = await AskVitals.OfAsync(settings.StateDir, stop) is { } said ? new ExamineRunning(said, settings, around.Clock.GetUtcNow()) : null;
            var examining = parsed.GetValue(json) ? around with { Log = new(TextWriter.Null, around.Clock) } : around;     // as data nothing else is said
            var findings = new List<Finding>();
            var grant = await LinkAsync();
            foreach (var finding in await new ExamineDevices(settings, running, examining).RunAsync(grant, stop)) Tell(finding);
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(findings, FindingJson.Default.ListFinding));
            return findings.TrueForAll(finding => finding.IsWell) ? ExitCodes.Ok : ExitCodes.NotAsExpected;

            async Task<Grant?> LinkAsync()
            {
                using var enrolment = ExamineEnrolment.Of(settings);
                using var tokens = new TokenSource(settings, http, around.Clock, examining.Log, enrolment.Directory?.Key);
                var link = new ExamineLink(settings, trust, http, tokens, enrolment, running, examining, environment ?? Environment.GetEnvironmentVariable);
                await foreach (var finding in link.RunAsync(stop)) Tell(finding);
                return link.Grant;
            }

            void Tell(Finding finding)
            {
                findings.Add(finding);
                if (!parsed.GetValue(json)) output.WriteLine(finding);
            }
        }));
        return command;
    }
}
