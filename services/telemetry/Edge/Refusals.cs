namespace Fleet.Telemetry.Edge;

/// <summary>Why something from the edge is not kept. A closed list: these are stored, counted and shown.</summary>
public static class Refusals
{
    // of a whole batch
    public const string RoutingKey = "routing-key", ContentType = "content-type", Oversize = "oversize", Agent = "agent", Sequence = "sequence",
        Schema = "schema", Tenant = "tenant", Source = "source", SequenceReused = "sequence-reused";

    // of a batch that is not the word of the agent it names: no number of that agent is used up by it
    public const string Unsigned = "unsigned", UnknownKey = "unknown-key", RevokedKey = "revoked-key", Signature = "signature";

    // of a batch its agent signed, and that does not follow the one before it
    public const string Chain = "chain";

    // of a batch of a tenant that lives in another region: counted, and nothing of it is kept, not even that it came
    public const string OtherRegion = "other-region";

    // of one event
    public const string InvalidValue = "invalid-value", ClockAhead = "clock-ahead", NoPurpose = "no-purpose";

    public static string NoFieldGroup(string group) => $"no-consent-{group}";
}
