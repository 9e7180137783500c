using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Defaults;

namespace Fleet.Regions.Tests;

/// <summary>What <c>./fleet tenant</c> does, into and out of text.</summary>
internal static class Move
{
    public static async Task<string> ExportAsync(RunningRegion region, string tenant, string? to = null)
    {
        await using var stores = region.Stores();
        await using var text = new StringWriter();
        await ExportTenant.RunAsync(stores, tenant, text, _ => { }, to: to);
        return text.ToString();
    }

    public static async Task<ImportedTenant> ImportAsync(RunningRegion region, TextReader export, KeySet? keys = null)
    {
        await using var stores = region.Stores();
        return await ImportTenant.RunAsync(stores, export, keys, _ => { });
    }

    public static async Task<ImportedTenant> ImportAsync(RunningRegion region, string export)
    {
        using var text = new StringReader(export);
        return await ImportAsync(region, text);
    }

    public static async Task CloseAsync(RunningRegion region, string tenant, string to)
    {
        await using var stores = region.Stores();
        await LeaveTenant.CloseAsync(stores, tenant, to);
    }

    public static async Task ReopenAsync(RunningRegion region, string tenant)
    {
        await using var stores = region.Stores();
        await LeaveTenant.ReopenAsync(stores, tenant);
    }

    public static async Task<Tombstone> LeaveAsync(RunningRegion region, string tenant, string to, string export, bool now = true)
    {
        await using var stores = region.Stores();
        using var text = new StringReader(export);
        return await LeaveTenant.RunAsync(stores, tenant, to, text, now, _ => { });
    }

    /// <summary>What the export holds, by section and view: the names of regions, times and what only one region can open are no part of it.</summary>
    public static IReadOnlyList<string> ContentOf(string export, RegionsPlan plan, string region)
    {
        var last = JsonDocument.Parse(export.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("manifest").GetString()!;
        var keys = Es256Key.Of(File.ReadAllText(plan.KeyOf($"{region}-region"))).Published;
        var manifest = CompactJws.Verify<TenantManifest>(last, TenantManifest.Type, keys) ?? throw new InvalidOperationException("The manifest is not signed");
        return [.. manifest.Modules.SelectMany(m => m.Sections.Where(s => !s.Name.EndsWith(".sealed", StringComparison.Ordinal)).Select(s => $"{m.Name}/{s}").Concat(m.Views.Select(v => $"{m.Name}/{v}")))];
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }
}
