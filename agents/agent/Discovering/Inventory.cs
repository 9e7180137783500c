using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Keeping;
using Fleet.Printers;

namespace Fleet.Agent.Discovering;

/// <summary>What the last sweep knew, kept in the state directory so that a restart asks printers at once and a rescan has something to compare with.</summary>
/// <param name="Of">Hash of the ranges it was made for: other ranges are swept at once.</param>
/// <param name="Asked">The field groups devices were named by: with others the same device has another name, so there is nothing to compare.</param>
/// <param name="At">When the sweep began; null before the first.</param>
public sealed record Inventory(string Of, DateTimeOffset? At, IReadOnlyList<KnownPrinter> Printers, FieldGroups Asked = FieldGroups.None)
{
    public static readonly Inventory Empty = new("", null, []);

    /// <summary>Empty when there is none or it cannot be read: then everything found is new once more.</summary>
    public static Inventory Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), InventoryJson.Default.Inventory) ?? Empty;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string file) => OwnFile.Write(file, JsonSerializer.Serialize(this, InventoryJson.Default.Inventory));
}

/// <summary>A printer found in a range.</summary>
/// <param name="Key">As <c>DeviceRef.Key</c>: a salted hash of serial, else MAC, else address.</param>
/// <param name="Target">As <c>Target.Name</c>: a salted hash of where and how it is asked.</param>
/// <param name="Label">For the log: manufacturer and serial, where they were told.</param>
/// <param name="MissingSince">The first sweep that did not find it; null when the last one did.</param>
public sealed record KnownPrinter(string Key, string Target, string Address, string Label, DateTimeOffset? MissingSince = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Inventory))]
internal sealed partial class InventoryJson : JsonSerializerContext;
