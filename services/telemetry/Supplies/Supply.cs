using System.Text.Json.Serialization;

namespace Fleet.Telemetry.Supplies;

/// <summary>One supply as RFC 3805 has it; see <c>SupplyRead</c> of the edge contract for each member.</summary>
public sealed record Supply(
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string Unit,
    string State,
    long? Level,
    long? Capacity,
    decimal? Percent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Part = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Serial = null);
