using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Simulator.Pages;
using Fleet.Simulator.Supplies;

namespace Fleet.Simulator.Personalities;

/// <summary>How one model answers SNMP, as data: the JSON files beside this one.</summary>
/// <param name="SysDescr">With <c>{serial}</c>, <c>{model}</c>, <c>{firmware}</c> filled in, as in every text below.</param>
/// <param name="DeviceId">hrDeviceID.</param>
/// <param name="Serial">A pattern: each <c>#</c> is a digit; at least eight of them.</param>
/// <param name="Oui">First three octets of its MAC address, <c>00:17:c8</c>.</param>
/// <param name="LifeUnit">prtMarkerCounterUnit: 7 impressions, 8 sheets.</param>
/// <param name="Colorants">prtMarkerColorantValue, row 1 first.</param>
/// <param name="Vendor">Private objects: OID to value, in the words of <see cref="Mib.ValueText"/>.</param>
/// <param name="Omits">Columns this model does not have.</param>
/// <param name="MaxVarBinds">Its GetBulk never returns more.</param>
public sealed record Personality(
    string Manufacturer, string Model, string SysDescr, string SysObjectId, string DeviceId, string DeviceText,
    string Serial, string Oui, string Firmware, int LifeUnit, Usage Usage,
    IReadOnlyList<string> Colorants, IReadOnlyList<SupplySpec> Supplies, IReadOnlyList<Tray> Trays,
    IReadOnlyDictionary<string, string> Vendor, IReadOnlyList<string> Omits, int MaxVarBinds)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip
    };

    /// <summary>All of them, by file name: adding a file adds a model, and changes which printer is which.</summary>
    public static readonly IReadOnlyList<Personality> All = [.. ReadAll()];

    private static IEnumerable<Personality> ReadAll()
    {
        var assembly = typeof(Personality).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            yield return JsonSerializer.Deserialize<Personality>(file, Strict) ?? throw new JsonException($"{name} is empty");
        }
    }
}
