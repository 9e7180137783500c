// everything identity stores about rights, sign-ins and refusals -> rows audit_trail -> GET /api/v1/audit, /api/v1/audit.jsonl
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.Enrolments;
using Fleet.Identity.People;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Audit;

/// <summary>One thing that happened.</summary>
/// <param name="EventId">Of the stored event: the same in every export.</param>
/// <param name="At">When it was stored.</param>
/// <param name="What">The stored event's type: <c>person_role_changed</c>, <c>token_refused</c>.</param>
/// <param name="Subject">Whom or what it happened to: <c>person/…</c>, <c>agent/…</c>, <c>client/…</c>.</param>
/// <param name="By">Who did it; null when it did itself, or nobody knows.</param>
/// <param name="Detail">What else is worth knowing; nothing personal, nothing secret.</param>
public sealed record AuditRow(Guid EventId, DateTimeOffset At, string What, string Subject, string? By, IReadOnlyDictionary<string, string> Detail);

public static class AuditTrail
{
    public static readonly View<AuditRow> View = new("audit_trail", 1, e => Told(e) is null ? [] : [Key(e)], (_, e, _) => Row(e)) { AppendOnly = true };

    /// <summary>In the order of time; the store's own order differs from place to place.</summary>
    public static string Key(IEvent e) => string.Create(CultureInfo.InvariantCulture, $"{e.Timestamp.UtcDateTime:yyyyMMddHHmmssffffff}/{e.Id:n}");

    private static AuditRow? Row(IEvent e) => Told(e) is var (by, detail) ? new(e.Id, e.Timestamp, e.EventTypeName, SubjectOf(e), by, detail.ToDictionary(one => one.Name, one => one.Value)) : null;

    // A refusal's stream is its service's; whom it happened to, it says itself. (Clients' and agents' stream keys are their ids, as tokens say them.)
    private static string SubjectOf(IEvent e) => e.Data is RefusalEvent.Counted refused ? refused.By is { } by ? $"{refused.Kind}/{by}" : refused.Kind : e.StreamKey;

    // Null for what is no change of rights, no sign-in and no refusal. Nothing that is sealed, hashed or secret is repeated here.
    private static (string? By, (string Name, string Value)[] Detail)? Told(IEvent e) => e.Data switch
    {
        PersonEvent.Invited invited => (invited.By, [("role", invited.Role)]),
        PersonEvent.InvitedAgain again => (again.By, []),
        PersonEvent.Accepted or PersonEvent.Linked or PersonEvent.SecondFactorSet => (null, []),
        PersonEvent.PasswordChanged { Why: "changed" } => (null, []),
        PersonEvent.SecondFactorRemoved removed => (removed.By, []),
        PersonEvent.SignedIn signedIn => (null, [("session", signedIn.Session), ("how", string.Join(' ', signedIn.How))]),
        PersonEvent.SignInRefused refused => (null, [("why", refused.Why)]),
        PersonEvent.Authorized authorized => (null, [("session", authorized.Session), ("client", authorized.Client), ("scope", string.Join(' ', authorized.Scope))]),
        PersonEvent.GrantEnded ended => (null, [("why", ended.Why)]),
        PersonEvent.SessionEnded ended => (ended.By, [("session", ended.Session ?? "all")]),
        PersonEvent.RoleChanged changed => (changed.By, [("role", changed.Role)]),
        PersonEvent.Disabled disabled => (disabled.By, []),
        PersonEvent.Erased erased => (erased.By, []),
        ClientEvent.Registered registered => (null, Of(registered.Standing)),
        ClientEvent.KeysRegistered registered => (null, [.. Of(registered.Standing), ("keys", string.Join(' ', registered.Keys.Select(key => key.Kid)))]),
        ClientEvent.KeysChanged changed => (null, [("keys", string.Join(' ', changed.Keys.Select(key => key.Kid)))]),
        ClientEvent.PublicRegistered registered => (null, [("redirectUris", string.Join(' ', registered.RedirectUris))]),
        ClientEvent.RedirectUrisChanged changed => (null, [("redirectUris", string.Join(' ', changed.RedirectUris))]),
        ClientEvent.SecretChanged or ClientEvent.Disabled => (null, []),
        AgentEvent.Enrolled enrolled => (enrolled.By, [("site", enrolled.Site)]),
        AgentEvent.Connected => (null, []),
        AgentEvent.Revoked revoked => (revoked.By, [("reason", revoked.Reason)]),
        EnrolmentEvent.Denied denied => (denied.By, [("tenant", denied.Tenant)]),
        TenantEvent.Created created => (created.By, [("provider", created.Provider)]),
        TenantEvent.Moved moved => (moved.By, [("from", moved.From), ("to", moved.To)]),
        RefusalEvent.Counted refused => (null, Of(AccessRefusals.ServiceOf(e.StreamKey), refused)),
        AuditEvent.TokenRefused refused =>
            (null, [("client", refused.Client ?? "unknown"), ("grant", refused.Grant ?? "unknown"), ("error", refused.Error), ("times", refused.Times.ToString(CultureInfo.InvariantCulture))]),
        _ => null,
    };

    private static (string, string)[] Of(Standing standing) => Known(("role", standing.Role), ("provider", standing.Provider), ("tenant", standing.Tenant), ("site", standing.Site));

    private static (string, string)[] Of(string service, RefusalEvent.Counted refused) => Known(
        ("service", service), ("role", refused.Role), ("problem", refused.Problem), ("missing", refused.Missing), ("tenant", refused.AskedTenant), ("route", refused.Route),
        ("times", refused.Times.ToString(CultureInfo.InvariantCulture)), ("first", Time(refused.First)), ("last", Time(refused.Last)));

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static (string, string)[] Known(params (string Name, string? Value)[] all) => [.. all.Where(one => one.Value is not null).Select(one => (one.Name, one.Value!))];
}

/// <summary>A house reads its own trail: a provider its people's, a tenant its people's and agents', the operator the clients' and the strangers'.</summary>
public static class AuditRoutes
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/audit", async (Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            var rows = await PageAsync(module, caller, last ?? "", most + 1, cancel);
            return Results.Ok(Page<AuditRow>.Of(rows, most, KeyOf));
        })
        .Requires(Right.ReadAudit).WithName("ListAudit").WithSummary("Changes of rights, sign-ins and refusals in the caller's own house, oldest first").Produces<Page<AuditRow>>();

        app.MapGet("/api/v1/audit.jsonl", (Caller caller, HttpContext http) => Results.Stream(async body =>
        {
            var last = "";
            while (await PageAsync(module, caller, last, Cursor.HighestLimit, http.RequestAborted) is { Count: > 0 } rows)
            {
                foreach (var row in rows)
                {
                    await JsonSerializer.SerializeAsync(body, row, Lines, http.RequestAborted);
                    await body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
                }
                last = KeyOf(rows[^1]);
            }
        }, "application/jsonl", "audit.jsonl"))
        .Requires(Right.ReadAudit).WithName("ExportAudit").WithSummary("The whole trail, a line of JSON each").Produces<AuditRow>(StatusCodes.Status200OK, "application/jsonl");
    }

    private static async Task<IReadOnlyList<AuditRow>> PageAsync(ModuleContext module, Caller caller, string after, int most, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession([ManagedPeople.HomeOf(caller).StoreTenant]);
        return await session.QueryAsync<AuditRow>("where key > @after order by key limit @most", new { after, most }, cancel);
    }

    private static string KeyOf(AuditRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.At.UtcDateTime:yyyyMMddHHmmssffffff}/{row.EventId:n}");
}
