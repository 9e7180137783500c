// consent.ConsentChanged -> Decide -> stream billing-consent/{tenant} -> the close
using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;

namespace Fleet.Billing.Consents;

public static class FollowConsent
{
    private const string Purpose = "billing";

    /// <summary>Each message tells the whole; one that was overtaken by a newer says nothing any more.</summary>
    public static Decision<BillingConsentEvent> Decide(ConsentChanged changed, BillingConsent consent) =>
        changed.Version <= consent.Version
            ? Decision<BillingConsentEvent>.Nothing
            : new BillingConsentEvent.BillingConsentChanged(
                changed.Version, [.. changed.Purposes.Where(span => span.Name == Purpose).Select(span => new ConsentedSpan(span.From, span.Until))]);
}

public static class FollowConsentConsumer
{
    public static readonly Consumer Consumer = Consumer.On<ConsentChanged>("follow-consent", async (changed, delivery) =>
    {
        await using var batch = delivery.Module.Store.BatchSession();
        var stream = (await batch.FetchForWriting<BillingConsent>([(changed.TenantId, BillingConsent.Key(changed.TenantId))], delivery.Cancel))[0];
        stream.AppendMany(FollowConsent.Decide(changed, stream.Aggregate).Events);
        await batch.SaveChangesAsync(delivery.Cancel);
    });
}
