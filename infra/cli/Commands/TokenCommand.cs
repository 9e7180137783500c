using System.CommandLine;
using Fleet.Cli.Demo;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet token --as WHO</c>: an access token of the running demo, alone on its line.</summary>
public static class TokenCommand
{
    public static Command Build()
    {
        var who = new Option<string>("--as") { Description = string.Join(", ", DemoClient.People.Select(person => person.ClientId)), HelpName = "WHO", Required = true };
        who.CompletionSources.Add([.. DemoClient.People.Select(person => person.ClientId)]);
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("token", "An access token of the running demo, good for 20 minutes") { who, state, json };
        command.SetAction(async (parsed, stop) =>
        {
            var directory = parsed.StateOf(state);
            var answer = await FleetApi.TokenAsync(FleetState.Require(directory).Url, directory, parsed.GetRequiredValue(who), stop);
            Console.WriteLine(parsed.GetValue(json) ? answer.ToJsonString() : answer["access_token"]!.GetValue<string>());
            return ExitCode.Ok;
        });
        return command;
    }
}
