// identity.TenantMoved -> Decide -> stream consent/{tenant} -> ConsentChanged: what was allowed the provider before ended with it
using Fleet.Contracts.Identity.V1;
using Fleet.Defaults;

namespace Fleet.Consent.Consents;

public static class EndConsents
{
    private const string By = "fleet";

    /// <summary>
    /// Everything that was given before the move, and what was given since by who had not heard of it: it names the provider of before. The same message again finds nothing of it any more, and what was given
    /// to the new one stands.
    /// </summary>
    public static Decision<ConsentEvent> Decide(TenantMoved moved, TenantConsent consent, Circumstances circumstances, DateTimeOffset now)
    {
        IReadOnlyList<string> Before(IReadOnlyList<Span> spans) => [.. spans.Where(span => span.Stands && (span.From < moved.At || span.Provider == moved.From)).Select(span => span.Name)];
        var names = new Named(Before(consent.Purposes), Before(consent.Features), Before(consent.FieldGroups));
        return names.IsNothing
            ? Decision<ConsentEvent>.Nothing
            : new ConsentEvent.Withdrawn(names.Purposes, names.Features, names.FieldGroups, By, now, $"moved from {moved.From} to {moved.To}", circumstances);
    }
}

public static class EndConsentsConsumer
{
    public static readonly Consumer Consumer = Consumer.On<TenantMoved>("end-consents", async (moved, delivery) =>
    {
        var module = delivery.Module;
        var circumstances = Circumstances.Here(module, How.Moved, moved.From);
        await ChangeConsent.RunAsync(module, moved.TenantId, (consent, now) => EndConsents.Decide(moved, consent, circumstances, now), delivery.Cancel);
    });
}
