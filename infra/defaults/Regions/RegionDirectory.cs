using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>
/// Which regions there are, which one this is, and who is known to live elsewhere: the file FLEET_REGIONS names, or without one the single region of FLEET_REGION,
/// FLEET_REGION_COUNTRY, FLEET_PUBLIC_URL, FLEET_REGION_AMQPS, FLEET_REGION_GRPC.
/// </summary>
public sealed class RegionDirectory
{
    private readonly string? _path;
    private readonly ILogger? _log;
    private volatile Read _read;

    private RegionDirectory(string here, string? path, Read read, ILogger? log) => (Here, _path, _read, _log) = (here, path, read, log);

    private sealed record Read(IReadOnlyList<Region> Regions, IReadOnlyDictionary<string, string> Tenants, DateTime Written);

    /// <summary>This region's name.</summary>
    public string Here { get; }

    public IReadOnlyList<Region> Regions => Current().Regions;

    /// <exception cref="InvalidOperationException">The file cannot be meant.</exception>
    public static RegionDirectory Open(IConfiguration settings, ILogger? log = null)
    {
        var here = settings["FLEET_REGION"] ?? "local";
        return settings["FLEET_REGIONS"] is { Length: > 0 } path
            ? new(here, path, OfFile(path, here), log)
            : new(here, null, new([OfSettings(settings, here)], new Dictionary<string, string>(), default), log);
    }

    public Region? Named(string name) => Regions.FirstOrDefault(region => region.Name == name);

    /// <summary>The other region the file says a tenant lives in; null for our own tenants and for those nobody knows.</summary>
    public Region? ElsewhereOf(string tenant) =>
        Current() is var read && read.Tenants.TryGetValue(tenant, out var name) && name != Here ? Named(name) : null;

    /// <summary>The other region whose issuer gave a token.</summary>
    public Region? OfIssuer(string issuer) => Regions.FirstOrDefault(region => !region.Here && region.Api.TrimEnd('/') == issuer.TrimEnd('/'));

    // A look at the file's date costs less than anything that is done with the answer.
    private Read Current()
    {
        var read = _read;
        if (_path is null || File.GetLastWriteTimeUtc(_path) == read.Written)
            return read;
        try
        {
            return _read = OfFile(_path, Here);
        }
        catch (InvalidOperationException e)
        {
            _log?.LogError("{Fault}; what was read before holds", e.Message);
            return _read = read with { Written = File.GetLastWriteTimeUtc(_path) };
        }
    }

    private static Read OfFile(string path, string here)
    {
        var written = File.GetLastWriteTimeUtc(path); // first: a change in between is seen at the next look
        var file = RegionsFile.Read(path, here);
        return new(
            [.. file.Regions.Select(e => new Region(e.Name, e.Country, e.Api, e.Amqps, e.Grpc, e.Name == here) { Keys = e.Keys })],
            file.Tenants ?? new Dictionary<string, string>(), written);
    }

    private static Region OfSettings(IConfiguration settings, string here) => new(
        here, settings["FLEET_REGION_COUNTRY"], settings["FLEET_PUBLIC_URL"] ?? settings["FLEET_ISSUER"] ?? "",
        settings["FLEET_REGION_AMQPS"], settings["FLEET_REGION_GRPC"] ?? settings["FLEET_GRPC_URL"], Here: true);
}
