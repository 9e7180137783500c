using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;
using Fleet.Agent.Page;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent page</c>: the address of the running agent's local page, with a key that signs in once. Whoever may read the state directory may.</summary>
internal static class PageCommand
{
    public static Command Build(Surroundings around, TextWriter output)
    {
        var config = Options.Config();
        var command = new Command("page", "Print the address of the running agent's local page, with a key that signs in once, for five minutes") { config };
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            var settings = ReadConfig.From(parsed.GetValue(config)!);
            if (settings.PagePort == 0) throw new ConfigException($"{parsed.GetValue(config)}: page.port: is 0, so the agent shows no page");
            if (PageKey.Read(settings.StateDir) is not { } key || !await ListensAsync(settings.PagePort, stop))
            {
                around.Log.Error($"{settings.StateDir}: no agent shows its page from here; is it running? Its log says why it shows none");
                return ExitCodes.StateHeld;
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.PagePort}/sign-in?key={key.Ticket(around.Clock.GetUtcNow(), around.FreshBytes(16))}"));
            return ExitCodes.Ok;
        }));
        return command;
    }

    // An agent that was killed leaves its key behind.
    private static async Task<bool> ListensAsync(int port, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
