using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fleet.Telemetry.Devices;

/// <summary>What a device says it is. Null: not told, or no consent to it.</summary>
/// <param name="Profile">Name and version of the rules that read it: <c>kyocera/3</c>.</param>
public sealed record DeviceCard(
    string SiteId,
    string? Manufacturer = null,
    string? Model = null,
    string? Serial = null,
    string? Name = null,
    string? Location = null,
    string? Address = null,
    string? Mac = null,
    string? Firmware = null,
    string? SysObjectId = null,
    string? Profile = null);

/// <summary>A raw count with where it was read.</summary>
/// <param name="Epoch">The counter's epoch as known when it was read; null: its first.</param>
public sealed record Counter(
    string Name, long Value, string Unit, string Oid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Epoch = null);

/// <summary>RFC 2790 names.</summary>
public sealed record DeviceStatus(string Device, string Printer, IReadOnlyList<string> Errors)
{
    // A list in a record compares by reference; the same errors are the same status.
    public bool Same(DeviceStatus? other) =>
        other is not null && Device == other.Device && Printer == other.Printer && Errors.SequenceEqual(other.Errors);
}

/// <summary>The last word on a row of prtAlertTable.</summary>
public sealed record AlertMark(bool Open, int Code, DateTimeOffset At)
{
    // prtAlertIndex only ever grows: without a bound the state would grow with the device's life.
    private const int MostClosed = 32;

    public static ImmutableSortedDictionary<string, AlertMark> Note(ImmutableSortedDictionary<string, AlertMark> marks, string index, AlertMark mark)
    {
        var noted = marks.SetItem(index, mark);
        return noted.Values.Count(m => !m.Open) <= MostClosed ? noted : noted.Remove(noted.Where(m => !m.Value.Open).MinBy(m => m.Value.At).Key);
    }
}
