using System.Diagnostics;
using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Consent.Consents;

public static class AnnounceConsent
{
    public static readonly IReadOnlyList<Announcement> All =
    [
        Announcement.OfState<TenantConsent, ConsentEvent.Granted, ConsentChanged>(Changed),
        Announcement.OfState<TenantConsent, ConsentEvent.Withdrawn, ConsentChanged>(Changed),
    ];

    public static ConsentChanged Changed(TenantConsent consent, IEvent<ConsentEvent> e) => new(
        e.TenantId, e.Version, Public(consent.Purposes), Public(consent.Features), Public(consent.FieldGroups), At(e.Data));

    public static IReadOnlyList<ConsentSpan> Public(IReadOnlyList<Span> spans) => [.. spans.Select(span => new ConsentSpan(span.Name, span.From, span.Until))];

    private static DateTimeOffset At(ConsentEvent e) => e switch
    {
        ConsentEvent.Granted granted => granted.At,
        ConsentEvent.Withdrawn withdrawn => withdrawn.At,
        _ => throw new UnreachableException($"No time for {e.GetType().Name}"),
    };
}
