using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Integration.Facts;

/// <summary>What a fact may be read for, by its type: an invoice in a feed is as much an invoice as one by its own address.</summary>
public static class FactPurposes
{
    // A type without a line is for the customer's own people alone: nobody else can hold this.
    private static readonly Needed OfCustomer = new("of-the-customer", []);

    /// <param name="type">The CloudEvents type; it begins with the service it comes from.</param>
    public static Needed Of(string type) => type.Split('.') switch
    {
        [_, "billing", ..] => Purposes.Of(Right.ReadBilling),
        [_, "alerting", ..] => Purposes.Of(Right.ReadAlerts),
        [_, "telemetry", "reading-accepted", ..] => Purposes.Of(Right.ReadMeters),
        [_, "telemetry", ..] => Purposes.Of(Right.ReadFleet),
        [_, "licensing", ..] => Purposes.Of(Right.ReadLicences),
        [_, "consent" or "identity", ..] => Needed.Nothing,
        _ => OfCustomer,
    };

    public static bool Shows(Caller caller, IEvent<FactEvent.Recorded> e) => caller.Sees(e.TenantId, Of(e.Data.Type));
}
