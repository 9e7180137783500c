using System.Text.Json;
using Fleet.Simulator.Printers;

namespace Fleet.Simulator.Serving;

/// <summary>Where a virtual printer answers and who it is: what the demo's agents take their targets from.</summary>
/// <param name="Seed">With its place in the list, all that is needed to make the same printer again.</param>
public sealed record ManifestEntry(string Tenant, string Address, int Port, string Community, string Serial, string Model, long Seed)
{
    public static ManifestEntry Of(PlacedPrinter placed, int port) =>
        new(placed.Tenant, placed.Address.ToString(), port, PlacedPrinter.Community, placed.Printer.Serial, placed.Printer.Personality.Model, placed.Printer.Seed);
}

/// <summary>The manifest file: a JSON list, printer number order.</summary>
public static class Manifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Whole or not at all: readers wait for the file to appear.</summary>
    public static void Write(string file, IEnumerable<ManifestEntry> entries)
    {
        var path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(entries, Json));
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <exception cref="JsonException">Not a manifest.</exception>
    public static IReadOnlyList<ManifestEntry> Read(string file) =>
        JsonSerializer.Deserialize<List<ManifestEntry>>(File.ReadAllText(file), Json) ?? throw new JsonException($"{file} holds no list");
}
