using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Defaults;

/// <summary>What FLEET_REGIONS names: the same file in every region. <c>infra/regions</c> has a sample and says what is in it.</summary>
internal sealed record RegionsFile(IReadOnlyList<RegionsFile.Entry> Regions, IReadOnlyDictionary<string, string>? Tenants = null)
{
    public sealed record Entry(string Name, string? Country, string Api, string? Amqps = null, string? Grpc = null, KeySet? Keys = null);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="InvalidOperationException">The file cannot be read or cannot be meant; one line.</exception>
    public static RegionsFile Read(string path, string here)
    {
        try
        {
            var file = JsonSerializer.Deserialize<RegionsFile>(File.ReadAllText(path), Strict) ?? throw new JsonException("The file is empty");
            return file.Fault(here) is { } fault ? throw new JsonException(fault) : file;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"FLEET_REGIONS, {path}: {e.Message}", e);
        }
    }

    private string? Fault(string here)
    {
        var names = Regions.Select(region => region.Name).ToHashSet(StringComparer.Ordinal);
        return names.Count < Regions.Count ? "two regions have one name"
            : !names.Contains(here) ? $"FLEET_REGION is '{here}', and there is no such region among {string.Join(", ", names)}"
            : Regions.FirstOrDefault(region => !Uri.TryCreate(region.Api, UriKind.Absolute, out _)) is { } wrong ? $"the api of '{wrong.Name}' is no address"
            : Tenants?.FirstOrDefault(tenant => !names.Contains(tenant.Value)) is { Key: { } tenant, Value: { } where } ? $"'{tenant}' lives in '{where}', which is no region of the file"
            : null;
    }
}
