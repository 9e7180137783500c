using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>
/// <c>tenant export|import|close|reopen|leave</c>: moving a tenant between regions, as a program of its own beside the running services, with their settings. Data on stdout or stdin, everything else on
/// stderr; exit 0, or 1 and one line. <c>./fleet tenant</c> runs it.
/// </summary>
internal static class TenantCommand
{
    public static Command Build(IReadOnlyList<Module> modules, TimeProvider clock)
    {
        var tenant = new Argument<string>("T") { Description = "The tenant's id" };
        var to = new Option<string>("--to") { Description = "The region it goes to", HelpName = "R", Required = true };

        var @for = new Option<string?>("--for") { Description = "The one region that shall be able to open it; without, the one the tenant is closed for, and when it is not, any region of the regions file", HelpName = "R" };
        var theirs = new Option<FileInfo?>("--keys") { Description = "Public keys of that region (JSON Web Key Set); without, those in the regions file", HelpName = "FILE" };
        var export = new Command("export", "Write all there is of a tenant to stdout, signed; the keys of its people sealed for where it goes") { tenant, @for, theirs };
        export.SetAction((parsed, stop) => RunAsync(modules, clock, async stores =>
        {
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
            var manifest = await ExportTenant.RunAsync(stores, parsed.GetRequiredValue(tenant), output, Say, parsed.GetValue(@for), KeysOf(parsed.GetValue(theirs)), stop);
            Say($"{manifest.Rows} rows, signed by region {manifest.Region}, to be opened in {string.Join(", ", manifest.For)}{(manifest.Closed ? "" : "; the tenant is not closed, so its modules may be some moments apart")}");
        }));

        var region = new Option<string>("--region") { Description = "This region: where it shall live", HelpName = "R", Required = true };
        var keys = new Option<FileInfo?>("--keys") { Description = "Public keys of the exporting region (JSON Web Key Set); without, those in the regions file", HelpName = "FILE" };
        var import = new Command("import", "Read a tenant from stdin: all of it, or nothing") { region, keys };
        import.SetAction((parsed, stop) => RunAsync(modules, clock, async stores =>
        {
            if (parsed.GetRequiredValue(region) is var wanted && wanted != stores.Regions.Here)
                throw new InvalidOperationException($"This is region '{stores.Regions.Here}', not '{wanted}'");
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false), false, 1 << 16);
            var imported = await ImportTenant.RunAsync(stores, input, KeysOf(parsed.GetValue(keys)), Say, stop);
            Say(imported.IsNew ? $"{imported.Manifest.Tenant} lives in {stores.Regions.Here} now: {imported.Manifest.Rows} rows" : $"{imported.Manifest.Tenant} was here already, by this very export: nothing was written");
            if (imported.NotCompared.Count > 0)
                Say($"of another version here than there, so folded anew and not compared: {string.Join(", ", imported.NotCompared)}");
        }));

        var close = new Command("close", "Before an export to leave with: no more writes and tokens for the tenant; it can still be read") { tenant, to };
        close.SetAction((parsed, stop) => RunAsync(modules, clock, async stores =>
        {
            await LeaveTenant.CloseAsync(stores, parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(to), stop);
            Say($"closed; its agents' last tokens end at {clock.GetUtcNow() + LeaveTenant.TokenLife:HH:mm} UTC");
        }));

        var reopen = new Command("reopen", "Take a close back: the tenant stays") { tenant };
        reopen.SetAction((parsed, stop) => RunAsync(modules, clock, stores => LeaveTenant.ReopenAsync(stores, parsed.GetRequiredValue(tenant), stop)));

        var file = new Option<FileInfo>("--export") { Description = "The export it leaves with; read whole, and compared with what is here", HelpName = "FILE", Required = true };
        var now = new Option<bool>("--now") { Description = "Do not wait for the end of its agents' tokens: what they send under them is refused" };
        var leave = new Command("leave", "Remove a closed tenant that has been exported: 410 and a signed tombstone from then on") { tenant, to, file, now };
        leave.SetAction((parsed, stop) => RunAsync(modules, clock, async stores =>
        {
            using var input = parsed.GetRequiredValue(file).OpenText();
            var tombstone = await LeaveTenant.RunAsync(stores, parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(to), input, parsed.GetValue(now), Say, stop);
            Say($"{tombstone.Tenant} has left for {tombstone.To}, with the export {tombstone.Export}");
        }));
        return new("tenant", "Move a tenant between regions") { export, import, close, reopen, leave };
    }

    private static async Task<int> RunAsync(IReadOnlyList<Module> modules, TimeProvider clock, Func<TenantStores, Task> run)
    {
        try
        {
            await using var stores = TenantStores.Open(Settings(), modules, clock);
            await run(stores);
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or TimeoutException or IOException or NpgsqlException or OperationCanceledException or UnauthorizedAccessException)
        {
            Say($"nothing more was done: {e.Message}");
            return 1;
        }
    }

    private static IConfiguration Settings()
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables();
        if (Environment.GetEnvironmentVariable("FLEET_SETTINGS") is { Length: > 0 } file)
            settings.AddJsonFile(file);
        return settings.Build();
    }

    private static KeySet? KeysOf(FileInfo? file)
    {
        try
        {
            return file is null ? null : JsonSerializer.Deserialize<KeySet>(File.ReadAllText(file.FullName));
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{file} is no JSON Web Key Set");
        }
    }

    private static void Say(string line) => Console.Error.WriteLine($"tenant: {line}");
}
