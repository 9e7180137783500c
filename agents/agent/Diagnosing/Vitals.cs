using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Diagnosing;

/// <summary>How a running agent is, in its own words: for a doctor beside it that can take neither its token nor its grant.</summary>
/// <param name="Token">Null while it has none.</param>
internal sealed record Vitals(string AgentId, string Version, DateTimeOffset Started, TokenVital? Token, GrantVital Grant, LinkVital Link, Tally Tally, DevicesVital Devices);

[JsonSerializable(typeof(Vitals))]
internal sealed partial class VitalsJson : JsonSerializerContext
{
    /// <summary>As they go over <see cref="TellVitals"/>.</summary>
    public static VitalsJson Told { get; } = new(new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter<FailureKind>() } });
}

/// <param name="At">When it was got.</param>
internal sealed record TokenVital(DateTimeOffset At, DateTimeOffset Until);

/// <param name="AnsweredAt">When the consent service last answered; null when it has not since the start.</param>
/// <param name="HeldBy">The agent that reports from the site instead; null when this one does.</param>
/// <param name="Open">The field groups that may be asked now, in words; null for none.</param>
/// <param name="News">The last that was to be said of it.</param>
internal sealed record GrantVital(DateTimeOffset? AnsweredAt, string? HeldBy, string? Open, string? News);

/// <param name="ConfirmedAt">When the broker last confirmed a batch; null when it has not since the start.</param>
/// <param name="Trouble">What stands in the way now.</param>
internal sealed record LinkVital(bool IsConnected, DateTimeOffset? ConfirmedAt, Failure? Trouble);

/// <param name="Visited">How many.</param>
/// <param name="Silent">Addresses of those that have not answered for several visits.</param>
internal sealed record DevicesVital(int Visited, IReadOnlyList<string> Silent);
