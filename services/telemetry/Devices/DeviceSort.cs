using System.Globalization;
using Fleet.Defaults;

namespace Fleet.Telemetry.Devices;

/// <summary>An order of the device list with a place in it that stays one while devices come and go: what a row is sorted by, then its id.</summary>
public sealed class DeviceSort
{
    private const string LastSeen = "greatest(coalesce(p.seen_at, 'epoch'), 'epoch')";

    private static readonly Dictionary<string, (string Column, Func<DeviceRow, string> Value)> Columns = new()
    {
        ["id"] = ("v.key", row => row.Key),
        ["name"] = ("v.name", row => row.Name),
        ["model"] = ("v.model", row => row.Model),
        ["status"] = ("coalesce(v.status, '')", row => row.Status ?? ""),
        ["site"] = ("v.site_id", row => row.SiteId),
        ["lastSeen"] = (LastSeen, _ => ""),
    };

    private readonly string _column;
    private readonly bool _down;
    private readonly Func<DeviceRow, string> _value;

    private DeviceSort(string column, bool down, Func<DeviceRow, string> value) => (_column, _down, _value) = (column, down, value);

    /// <summary>Null for an order there is none of.</summary>
    public static DeviceSort? Of(string? sort)
    {
        var name = sort?.TrimStart('-') ?? "id";
        return Columns.TryGetValue(name, out var column) ? new(column.Column, sort is ['-', ..], column.Value) : null;
    }

    public static Refusal Unknown(string sort) =>
        Refusal.Invalid("sort", $"There is no order '{sort}'; there are {string.Join(", ", Columns.Keys)}, each also with '-' in front.");

    private bool BySeen => _column == LastSeen;

    public string Join => BySeen ? "left join device_presence p on p.tenant_id = v.tenant_id and p.device_id = v.key" : "";

    /// <summary>Rows behind <c>@value</c>, <c>@last</c>; all of them when that is null.</summary>
    public string After => $"(@last::text is null or ({_column}, v.key) {(_down ? "<" : ">")} (@value::{(BySeen ? "timestamptz" : "text")}, @last))";

    public string OrderBy => $"order by {_column} {Way}, v.key {Way}";

    private string Way => _down ? "desc" : "asc";

    public string Position(DeviceRow row, IReadOnlyDictionary<string, DateTimeOffset> seen) =>
        $"{(BySeen ? seen.GetValueOrDefault(row.Key, DateTimeOffset.UnixEpoch).ToString("O", CultureInfo.InvariantCulture) : _value(row))}\n{row.Key}";

    /// <returns>False for a cursor of another order.</returns>
    public bool TryRead(string? cursor, out (string Value, string Key)? after)
    {
        after = null;
        if (cursor is null)
            return true;
        var at = cursor.LastIndexOf('\n');
        if (at < 0 || (BySeen && !DateTimeOffset.TryParse(cursor[..at], CultureInfo.InvariantCulture, out _)))
            return false;
        after = (cursor[..at], cursor[(at + 1)..]);
        return true;
    }
}
