namespace Fleet.Telemetry.Consents;

/// <summary>What stands, as the consent service said at one moment, after the batches that are judged by it had come.</summary>
/// <param name="At">By the consent service's clock, which dates every change: what changes later takes effect later.</param>
/// <param name="Of">By tenant.</param>
public sealed record ConsentsAsOf(DateTimeOffset At, IReadOnlyDictionary<string, Consent> Of)
{
    /// <summary>Header of a stored event: the moment its consents were judged at, when its agent's clock was ahead of it. ISO 8601. An audit asks for the same moment.</summary>
    public const string JudgedHeader = "consents-judged-at";

    /// <summary>When something was observed, for the question whether a consent stood then: an agent's clock may be fast, but nothing was observed after it had come.</summary>
    public DateTimeOffset Dates(DateTimeOffset observed) => observed < At ? observed : At;
}
