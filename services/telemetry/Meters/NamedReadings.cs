using System.ComponentModel;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Meters;

/// <summary>One reading under two versions of the rules that name its raw values.</summary>
/// <param name="Said">By the version that read it, as it was kept.</param>
/// <param name="Says">By the version asked for, from the raw values; null when no such profile is known here.</param>
public sealed record NamedReading(Guid ReadingId, DateTimeOffset ObservedAt, NamedValues Said, NamedValues? Says);

// readings + profiles as data -> NameAnew -> GET …/devices/{id}/readings/named
public static class NamedReadingRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/readings/named", async (
            string t, string id,
            [Description("By this profile's rules, as they are now; each reading's own profile when left out.")] string? profile,
            [Description("Observed then or later.")] DateTimeOffset? from,
            [Description("Observed before that.")] DateTimeOffset? to,
            string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            if (profile is not null && !NamingRules.BuiltIn.ContainsKey(profile))
                return Refusal.Unknown("unknown-profile", $"There is no profile '{profile}'.").ToResult();
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            var page = await ReadingRoutes.PageAsync(session, t, id, from, to, last, Cursor.Limit(limit), cancel);
            return Results.Ok(new Page<NamedReading>([.. page.Items.Select(r => Of(r.Row, profile))], page.Next));
        }).Produces<Page<NamedReading>>().Requires(Right.ReadMeters).WithName("ListNamedReadings")
            .WithSummary("What a device's readings were named by the profile that read them, and what its rules name them now");

    private static NamedReading Of(ReadingRow row, string? profile) => new(
        row.ReadingId, row.ObservedAt, new(row.Profile, [.. row.Counters.Select(c => c with { Epoch = null })], []),
        NamingRules.BuiltIn.GetValueOrDefault(profile ?? row.Profile[..row.Profile.LastIndexOf('/')]) is { } rules ? NameAnew.Decide(row.Counters, rules) : null);
}
