using System.Diagnostics;
using Fleet.Consent.Consents;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts;

/// <summary>What a receipt tells of its event.</summary>
/// <param name="Country">Where the data was kept then, ISO 3166-1 alpha-2; null when that was not known.</param>
/// <param name="From">When it was said; <paramref name="At"/>: when it was recorded.</param>
/// <param name="Grounds">Of a grant the evidence, of a withdrawal the reason.</param>
internal sealed record Told(
    string Tenant, Named Names, string By, string How, string? Origin, string? Provider, string? Country, bool IsGranted, DateTimeOffset From, DateTimeOffset At, string? Grounds)
{
    public static Told Of(IEvent e)
    {
        var how = Consents.How.Of((ConsentEvent)e.Data);
        var around = AroundOf(e);
        return e.Data switch
        {
            ConsentEvent.Granted g => new(e.TenantId, new(g.Purposes, g.Features, g.FieldGroups), g.By, how, around?.Origin, around?.Provider, around?.Country, IsGranted: true, g.GivenAt, g.At, g.Evidence),
            ConsentEvent.Withdrawn w => new(e.TenantId, new(w.Purposes, w.Features, w.FieldGroups), w.By, how, around?.Origin, around?.Provider, around?.Country, IsGranted: false, w.At, w.At, w.Reason),
            _ => throw new UnreachableException($"No receipt for {e.Data.GetType().Name}"),
        };
    }

    /// <summary>Null in events of before circumstances were written down.</summary>
    public static Circumstances? AroundOf(IEvent e) => e.Data switch
    {
        ConsentEvent.Granted granted => granted.Circumstances,
        ConsentEvent.Withdrawn withdrawn => withdrawn.Circumstances,
        _ => null,
    };
}
