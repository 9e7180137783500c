using System.CommandLine;
using Fleet.Cli.Demo;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet enrol CODE</c>: lets the agent that shows this code in at the running demo, as one of its people would.</summary>
public static class EnrolCommand
{
    public static Command Build()
    {
        var code = new Argument<string>("CODE") { Description = "As `fleet-agent enrol` shows it: BCDF-GHJK" };
        var tenant = new Option<string>("--tenant") { Description = "Whose devices it will report", HelpName = "T", Required = true };
        var site = new Option<string>("--site") { Description = "At which of the tenant's sites it stands", HelpName = "S", Required = true };
        var key = new Option<string?>("--key") { Description = "The fingerprint it shows: an agent with another key is not let in", HelpName = "FINGERPRINT" };
        var who = new Option<string>("--as") { Description = string.Join(", ", DemoClient.People.Select(person => person.ClientId)), HelpName = "WHO", DefaultValueFactory = _ => "provider-admin" };
        who.CompletionSources.Add([.. DemoClient.People.Select(person => person.ClientId)]);
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("enrol", "Let an agent in that shows a code (fleet-agent enrol)") { code, tenant, site, key, who, state, json };
        command.SetAction(async (parsed, stop) =>
        {
            var directory = parsed.StateOf(state);
            using var api = await FleetApi.AsAsync(FleetState.Require(directory).Url, directory, parsed.GetRequiredValue(who), stop);
            var agent = await Enrolments.ApproveAsync(api, parsed.GetRequiredValue(code), parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(site), parsed.GetValue(key), stop);
            Console.WriteLine(parsed.GetValue(json) ? agent.ToJsonString()
                : $"Agent {agent["agentId"]} is let in at {parsed.GetRequiredValue(tenant)}/{agent["site"]}. Its key is {agent["keyId"]}: if the agent shows another fingerprint, end it at once.");
            return ExitCode.Ok;
        });
        return command;
    }
}
