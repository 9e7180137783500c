using System.Diagnostics;

namespace Fleet.Agents.Tests;

/// <summary>The agent as one starts it: what it prints and how it ends.</summary>
internal static class AgentProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var agent = Process.Start(start)!;
        var (output, errors) = (agent.StandardOutput.ReadToEndAsync(), agent.StandardError.ReadToEndAsync());
        try
        {
            await agent.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            agent.Kill();
            throw new AssertionException($"fleet-agent {string.Join(' ', arguments)} did not end within {Patience}");
        }
        return (agent.ExitCode, await output, await errors);
    }
}
