// refused requests -> CountedRefusals -> WriteRefusals, each minute -> stream refusal/{module} of the caller's house -> audit.AccessRefused -> identity's audit trail
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.Contracts.Audit.V1;
using Fleet.EventStore;

namespace Fleet.Defaults;

public abstract record RefusalEvent
{
    /// <summary>All refusals of one kind in about a minute.</summary>
    /// <param name="Kind"><c>person</c>, <c>client</c> or <c>agent</c>.</param>
    /// <param name="By">The token's <c>sub</c>; null for all beyond the callers that are kept apart.</param>
    /// <param name="Role">As the token says.</param>
    /// <param name="Problem">Type of the refusal; <see cref="RefusalKey.Others"/> for all beyond those that are kept apart.</param>
    /// <param name="Missing">The right, purpose or feature.</param>
    /// <param name="AskedTenant">When one was named that could be one.</param>
    /// <param name="Route">Method and template.</param>
    public sealed record Counted(
        string Kind,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? By,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
        string Problem,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Missing,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AskedTenant,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Route,
        int Times, DateTimeOffset First, DateTimeOffset Last) : RefusalEvent;
}

/// <summary>What a module refused to the people, clients and agents of one house; for each module's <see cref="Module.Streams"/> and <see cref="Module.Announcements"/>.</summary>
public sealed record AccessRefusals
{
    private const string Prefix = "refusal/";

    public static readonly AccessRefusals None = new();

    public static readonly StreamType<AccessRefusals, RefusalEvent> Stream = new("refusal", None, Evolve)
    {
        Events = { ["access_refused"] = typeof(RefusalEvent.Counted) },
    };

    public static readonly Announcement Announcement = Announcement.Of<RefusalEvent.Counted, AccessRefused>(Message);

    public static string Key(string module) => Prefix + module;

    /// <summary>The module that refused.</summary>
    public static string ServiceOf(string streamKey) => streamKey[Prefix.Length..];

    public static AccessRefused Message(IEvent<RefusalEvent.Counted> e)
    {
        var (house, refused) = (House.OfStoreTenant(e.TenantId), e.Data);
        return new(house.Tenant, house.Provider, ServiceOf(e.StreamKey), refused.Kind, refused.By, refused.Role, refused.Problem, refused.Missing, refused.AskedTenant, refused.Route, refused.Times, refused.First, refused.Last);
    }

    public static AccessRefusals Evolve(AccessRefusals refusals, RefusalEvent e) => e switch
    {
        RefusalEvent.Counted => refusals,
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}
