namespace Fleet.Defaults;

/// <summary>What a decision answers: events to append (none when everything is already so), or a refusal.</summary>
public readonly record struct Decision<TEvent>(IReadOnlyList<TEvent> Events, Refusal? Refusal = null)
{
    public static Decision<TEvent> Nothing => new([]);

    public static implicit operator Decision<TEvent>(TEvent only) => new([only]);

    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);
}

/// <summary>Why something is not done: turned into RFC 9457 problem details in one place.</summary>
/// <param name="Type">Stable, last part of the problem's <c>type</c> URI.</param>
/// <param name="Detail">What, where, and what to do about it.</param>
public sealed record Refusal(int Status, string Type, string Title, string Detail)
{
    /// <summary>The tenant it is about, for the audit trail.</summary>
    public string? Tenant { get; init; }

    /// <summary>The right, purpose or feature that would have been needed, for the audit trail.</summary>
    public string? Missing { get; init; }

    public static Refusal Invalid(string type, string detail) => new(400, type, "The request is not valid", detail);

    public static Refusal Unknown(string type, string detail) => new(404, type, "Not found", detail);

    public static Refusal Conflict(string type, string detail) => new(409, type, "In conflict with the current state", detail);

    public static Refusal Forbidden(string type, string detail) => new(403, type, "Not allowed", detail);
}
