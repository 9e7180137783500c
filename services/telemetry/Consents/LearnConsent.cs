using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;

namespace Fleet.Telemetry.Consents;

// consent.ConsentChanged -> Decide -> stream consent/{tenant} -> the gate
public static class LearnConsent
{
    /// <summary>By version, not by arrival: what is older than what is known, or the same again, changes nothing.</summary>
    public static Decision<ConsentEvent> Decide(ConsentChanged changed, Consent known) =>
        changed.Version <= known.Version
            ? Decision<ConsentEvent>.Nothing
            : new ConsentEvent.Learned(changed.Version, Spans(changed.Purposes), Spans(changed.FieldGroups), changed.At);

    public static IReadOnlyList<Span> Spans(IReadOnlyList<ConsentSpan> spans) => [.. spans.Select(s => new Span(s.Name, s.From, s.Until))];
}

public static class LearnConsentConsumer
{
    public static readonly Consumer Consumer = Consumer.On<ConsentChanged>("learn-consent", async (changed, delivery) =>
    {
        var outcome = await delivery.Module.DecideAsync<Consent, ConsentEvent>(
            changed.TenantId, Consent.StreamKey(changed.TenantId), known => LearnConsent.Decide(changed, known), delivery.Cancel);
        // The only refusal there is says "busy": a fact from the bus is tried again, never dropped.
        if (outcome.Refusal is { } busy)
            throw new TimeoutException(busy.Detail);
    });
}
