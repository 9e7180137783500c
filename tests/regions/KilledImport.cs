using System.Diagnostics;
using System.Text.Json;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Regions.Tests;

/// <summary><c>services/host tenant import</c> as a process of its own, killed (SIGKILL) in the instant before one store's commit and after those of the stores before it.</summary>
internal static class KilledImport
{
    /// <param name="before">The module whose commit does not come about.</param>
    public static async Task RunAsync(RunningRegion region, string tenant, string export, string before)
    {
        // The import waits for us where it writes that it has come so far: the row it wants to write is there already, and not yet committed.
        await using var connection = new NpgsqlConnection(region.Service.Place.DatabaseOf(before).Owner);
        await connection.OpenAsync();
        await using (await HoldAsync(connection, before, tenant))
        {
            using var process = Start(region);
            var said = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(export);
            process.StandardInput.Close();
            await Eventually.IsTrueAsync($"the import to wait in {before}", async () =>
                process.HasExited ? throw new InvalidOperationException($"The import ended by itself: {await said}") : await IsWaitedForAsync(region, before));
            process.Kill();
            await process.WaitForExitAsync();
        }
        await Eventually.IsTrueAsync("the server to have noticed", async () => !await IsWaitedForAsync(region, before) && !await HasAsync(region, before, tenant));
    }

    /// <summary>Whether a store has anything of a tenant.</summary>
    public static async Task<bool> HasAsync(RunningRegion region, string module, string tenant) => await Searched.RowsOfAsync(region.Service, module, "mt_streams", tenant) > 0;

    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlConnection connection, string module, string tenant)
    {
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"insert into {module}.fleet_departure (tenant_id, region, closed_at) values ($1, 'held', now())", connection, transaction) { Parameters = { new() { Value = tenant } } };
        await hold.ExecuteNonQueryAsync();
        return transaction;
    }

    private static async Task<bool> IsWaitedForAsync(RunningRegion region, string module)
    {
        await using var source = NpgsqlDataSource.Create(region.Service.Place.DatabaseOf(module).Owner);
        await using var command = source.CreateCommand("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%fleet_departure%')");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static Process Start(RunningRegion region)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Fleet.Host.dll"), "tenant", "import", "--region", region.Name]) { RedirectStandardInput = true, RedirectStandardError = true };
        var settings = Path.Combine(Path.GetDirectoryName(region.Settings["FLEET_REGIONS"])!, $"{region.Name}-settings.json");
        File.WriteAllText(settings, JsonSerializer.Serialize(region.Settings));
        start.Environment["FLEET_SETTINGS"] = settings;
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet gave no process");
    }
}
