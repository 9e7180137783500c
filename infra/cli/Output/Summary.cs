using Fleet.Cli.Demo;
using Fleet.Cli.State;
using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>What a newcomer needs after `up`: where, as whom, how to stop.</summary>
public static class Summary
{
    public static void Print(FleetState state, StateDirectory directory, bool detached)
    {
        var option = directory.Root == Path.Combine(Up.Programs.Repository, ".fleet") ? "" : $" --state {directory.Root}";
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"  API       [bold]{state.Url}[/]   (gRPC {state.GrpcUrl}, AMQPS localhost:{state.AmqpsPort})");
        AnsiConsole.MarkupLineInterpolated($"  Sign in   ./fleet token{option} --as WHO, WHO one of {string.Join(", ", DemoClient.People.Select(person => person.ClientId))}");
        AnsiConsole.MarkupLineInterpolated($"  Browser   {state.Url}/account as WHO@{DemoPeople.Domain}, password in {directory.PasswordOf("WHO")}");
        AnsiConsole.MarkupLineInterpolated($"  Try       curl -H \"Authorization: Bearer $(./fleet token{option} --as provider-admin)\" {state.Url}/api/v1/tenants/acme/devices");
        AnsiConsole.MarkupLineInterpolated($"  Watch     ./fleet alerts watch{option}");
        AnsiConsole.MarkupLineInterpolated($"  Stop      {(detached ? $"./fleet down{option}" : $"Ctrl-C, or ./fleet down{option}")}");
    }
}
