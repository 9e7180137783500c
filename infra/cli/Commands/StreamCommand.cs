using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Consents;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;
using Fleet.Cli.Streams;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet stream verify</c>: is what is stored still what the agents signed?</summary>
public static class StreamCommand
{
    public static Command Build(TimeProvider clock) => new("stream", "What is stored, event by event") { Verify(clock) };

    private static Command Verify(TimeProvider clock)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's history", HelpName = "T" };
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("verify", "Makes every chain, Merkle root and signature of all history anew and holds what is stored against it: exit 0 when all holds, else what does not, the first first, and exit 1") { tenant, state, json };
        command.SetAction((parsed, stop) => VerifyAsync(parsed.StateOf(state), parsed.GetValue(tenant), FindingsOutput<Broken>.Of("breaks", Line, parsed.GetValue(json), clock), stop));
        return command;
    }

    private static async Task<int> VerifyAsync(StateDirectory directory, string? tenant, FindingsOutput<Broken> output, CancellationToken stop)
    {
        _ = FleetState.Require(directory);
        var doors = AuditorDoors.Read(directory);
        using (output)
        {
            var verified = await VerifyStreams.RunAsync(doors.Telemetry, tenant, output.Found, output.Progress, stop);
            // A name mistyped must not pass for a sound history.
            if (tenant is not null && verified is { Events: 0, Streams: 0 })
                throw new FleetException($"Nothing is stored of a tenant '{tenant}': there is nothing to verify", directory.Root, "Is the name right? Left out, all tenants are verified");
            output.End(
                string.Create(CultureInfo.InvariantCulture, $"{verified.Events} events of {verified.Streams} streams; {verified.Batches} signed batches with {verified.Leaves} edge events, {verified.Readings} readings held against them; {verified.Unsigned} batches of before agents signed: {(verified.Breaks == 0 ? "all holds" : $"{verified.Breaks} breaks")}"),
                ("events", verified.Events), ("streams", verified.Streams), ("batches", verified.Batches), ("leaves", verified.Leaves), ("readings", verified.Readings), ("unsignedBatches", verified.Unsigned));
            return verified.Breaks == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    // tenant, stream, version, place in the store, what
    private static string Line(Broken one) => string.Create(CultureInfo.InvariantCulture,
        $"broken: {one.Tenant} {one.Stream}{(one.Version is { } version ? $" version {version}" : "")}{(one.Position is { } position ? $" (event {position})" : "")}: {one.What}");
}
