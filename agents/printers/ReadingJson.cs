using System.Text.Json.Serialization;

namespace Fleet.Printers;

/// <summary>How a reading and its explanation are shown as JSON.</summary>
[JsonSerializable(typeof(PrinterReading))]
[JsonSerializable(typeof(IReadOnlyList<Evidence>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class ReadingJson : JsonSerializerContext
{
    /// <summary>Everything is written, also what is null.</summary>
    public static ReadingJson Whole { get; } = new(Expectation.Shown());

    /// <summary>What is null is left out; as <see cref="Expectation.Json"/>.</summary>
    public static ReadingJson Short { get; } = new(new(Expectation.Json));
}
