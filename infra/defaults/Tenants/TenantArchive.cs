using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Defaults;

// {"export":…} ( {"section":"identity/streams"} [row] … {"end":…} ) … {"manifest":"<JWS>"}
/// <summary>The form of an export: JSON Lines. Rows are arrays, everything else objects; it is written and read from front to back, a line at a time.</summary>
public sealed record ArchiveLine(
    string? Export = null, string? Tenant = null, string? Region = null, DateTimeOffset? At = null,
    string? Section = null, string? End = null, string? Manifest = null)
{
    public const string Form = "fleet-tenant/2";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public override string ToString() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ArchiveLine Read(string? line)
    {
        try
        {
            return line is null ? throw new InvalidDataException("The export ends too early") : JsonSerializer.Deserialize<ArchiveLine>(line, Json)!;
        }
        catch (JsonException)
        {
            throw new InvalidDataException("A line of the export is none");
        }
    }
}

/// <summary>An export, read once from front to back.</summary>
public sealed class ArchiveReader(TextReader text)
{
    /// <exception cref="InvalidDataException">This is no export.</exception>
    public async Task<ArchiveLine> HeadAsync(CancellationToken ct) =>
        ArchiveLine.Read(await text.ReadLineAsync(ct)) is { Export: ArchiveLine.Form, Tenant: not null, Region: not null, At: not null } head
            ? head : throw new InvalidDataException($"This is no export of the form {ArchiveLine.Form}; one of an earlier version is exported again");

    /// <summary>The next section's name, or the manifest; read all of a section's rows before you ask for the next.</summary>
    public async Task<ArchiveLine> NextAsync(CancellationToken ct) =>
        ArchiveLine.Read(await text.ReadLineAsync(ct)) is { } line && (line.Section is null) != (line.Manifest is null) ? line : throw new InvalidDataException("A section or the manifest is missing in the export");

    public async IAsyncEnumerable<string> RowsAsync(string section, [EnumeratorCancellation] CancellationToken ct = default)
    {
        string? line;
        while ((line = await text.ReadLineAsync(ct)) is ['[', ..]) yield return line;
        if (ArchiveLine.Read(line).End != section) throw new InvalidDataException($"The section {section} of the export has no end");
    }
}
