using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Billing.Consents;

/// <summary>Stream <c>billing-consent/{tenant}</c>: when the tenant let its data be used for the purpose <c>billing</c>.</summary>
public abstract record BillingConsentEvent
{
    /// <param name="Version">Of the consent service's own stream; the higher one is the newer.</param>
    /// <param name="Spans">All of them, also those that are over.</param>
    public sealed record BillingConsentChanged(long Version, IReadOnlyList<ConsentedSpan> Spans) : BillingConsentEvent;
}

/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; null while it stands.</param>
public sealed record ConsentedSpan(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>A reading may be billed if it was observed while the purpose stood. Nobody told of it: it does not stand.</summary>
public sealed record BillingConsent(long Version, IReadOnlyList<ConsentedSpan> Spans)
{
    public static readonly BillingConsent None = new(0, []);

    public static readonly StreamType<BillingConsent, BillingConsentEvent> Stream = new("billing_consent", None, Evolve)
    {
        Events = { ["billing_consent_changed"] = typeof(BillingConsentEvent.BillingConsentChanged) },
    };

    public static string Key(string tenant) => $"billing-consent/{tenant}";

    public bool Covers(DateTimeOffset observedAt) => Spans.Any(span => span.From <= observedAt && (span.Until is null || observedAt < span.Until));

    public static BillingConsent Evolve(BillingConsent consent, BillingConsentEvent e) => e switch
    {
        BillingConsentEvent.BillingConsentChanged changed => new(changed.Version, changed.Spans),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}
