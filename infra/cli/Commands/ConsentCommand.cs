using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Consents;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet consent audit</c>: was anything stored that nobody had allowed? <c>./fleet consent receipt verify</c>: does a receipt hold?</summary>
public static class ConsentCommand
{
    public static Command Build(TimeProvider clock) => new("consent", "What customers allowed, and whether it was kept to") { Audit(clock), new Command("receipt", "Consent receipts") { Verify() } };

    private static Command Audit(TimeProvider clock)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's history", HelpName = "T" };
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("audit", "All history against all consents: exit 0 when no event lies outside, else each of them and exit 1") { tenant, state, json };
        command.SetAction((parsed, stop) => AuditAsync(parsed.StateOf(state), parsed.GetValue(tenant), FindingsOutput<Outside>.Of("outside", Line, parsed.GetValue(json), clock), stop));
        return command;
    }

    private static async Task<int> AuditAsync(StateDirectory directory, string? tenant, FindingsOutput<Outside> output, CancellationToken stop)
    {
        _ = FleetState.Require(directory);
        var doors = AuditorDoors.Read(directory);
        using (output)
        {
            var audited = await AuditConsent.RunAsync(doors.Consent, doors.Telemetry, tenant, output.Found, output.Progress, stop);
            // A name mistyped must not pass for a clean history.
            if (tenant is not null && audited is { Tenants: 0, Events: 0 })
                throw new FleetException($"Nothing is stored of a tenant '{tenant}', neither a consent nor an event: there is nothing to audit", directory.Root, "Is the name right? Left out, all tenants are audited");
            output.End(
                string.Create(CultureInfo.InvariantCulture, $"{audited.Events} events of {audited.Tenants} tenants, {audited.OfDevices} of devices: {audited.Outside} outside consent"),
                ("tenants", audited.Tenants), ("events", audited.Events), ("ofDevices", audited.OfDevices), ("outsideConsent", audited.Outside));
            return audited.Outside == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    // tenant, stream, event, observed at, field group, why
    private static string Line(Outside one) => $"outside: {one.Tenant} {one.Stream} {one.Event} {one.ObservedAt?.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {one.FieldGroup} {one.Why}";

    private static Command Verify()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "As downloaded: a compact JWS" };
        var keys = new Option<FileInfo>("--keys") { Description = "What /.well-known/fleet-receipt-keys answered", HelpName = "FILE", Required = true };
        var command = new Command("verify", "Exit 0 and what it says when the signature holds, else 1 and why not; needs no network") { file, keys };
        command.SetAction(parsed =>
        {
            var (receipt, fault) = ReceiptFile.Verify(Text(parsed.GetRequiredValue(file)), Text(parsed.GetRequiredValue(keys)));
            if (receipt is null)
                throw new FleetException("The receipt does not hold", parsed.GetRequiredValue(file).FullName, fault!);
            Console.WriteLine(receipt.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Text(FileInfo file)
    {
        try
        {
            return File.ReadAllText(file.FullName);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot read", file.FullName, cause);
        }
    }
}
