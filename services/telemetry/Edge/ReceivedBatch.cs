namespace Fleet.Telemetry.Edge;

/// <summary>A batch whose form has been judged: readable, or refused whole with the reason.</summary>
/// <param name="Tenant">From the routing key; null when that names none, and then nobody's stream can hold the refusal.</param>
/// <param name="Agent">Null when the header is missing or no name.</param>
/// <param name="StartsChain">The agent says there is no batch before this one.</param>
/// <param name="Previous">SHA-256 of the body before it, as said; null when that is none.</param>
/// <param name="Fingerprint">Of the headers a signature is about.</param>
/// <param name="Seal">Key and signature, not checked yet; null when it brings none.</param>
/// <param name="Events">Empty when refused.</param>
/// <param name="Refused">One of <see cref="Refusals"/>, or null.</param>
public sealed record ReceivedBatch(
    string? Tenant,
    string Site,
    string Lane,
    string? Agent,
    long? Sequence,
    bool StartsChain,
    string RoutingKey,
    string Sha256,
    string? Previous,
    string Fingerprint,
    BatchSeal? Seal,
    int Size,
    string? TraceParent,
    IReadOnlyList<ReceivedEvent> Events,
    string? Refused)
{
    /// <summary>An agent's name is its own word; the site is the broker's. Together no neighbour can take them.</summary>
    public string AgentKey => $"{Site}/{Agent ?? "unknown"}";

    /// <summary>As it came: for one that has to wait.</summary>
    public EdgeDelivery? Delivery { get; init; }

    /// <summary>The same batch again, however often it is delivered.</summary>
    public string ClaimKey => $"{Tenant}/{AgentKey}/{Sequence}/{Sha256}/{Fingerprint}";
}

/// <param name="Data">A record of <c>Fleet.Contracts.Edge.V1</c>.</param>
/// <param name="Invalid">Its form is right and a value in it cannot be (a negative count): refused alone, not with its batch.</param>
public sealed record ReceivedEvent(Guid Id, string Type, DateTimeOffset Time, object Data, bool Invalid);
