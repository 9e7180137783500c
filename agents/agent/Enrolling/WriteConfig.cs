using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Enrolling;

/// <summary>The configuration an enrolled agent starts with: complete, but for the addresses of the devices.</summary>
internal static class WriteConfig
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <param name="broker"><c>amqps://host:port</c>.</param>
    public static string Text(Enrolment enrolment, Uri broker, string? caFile, string? proxy, string stateDir) => JsonSerializer.Serialize(new
    {
        enrolment.Tenant,
        enrolment.Site,
        enrolment.AgentId,
        enrolment.Api,
        Broker = new { broker.Host, Port = broker.IsDefaultPort || broker.Port < 0 ? 5671 : broker.Port, CaFile = caFile is null ? null : Path.GetFullPath(caFile) },
        Proxy = proxy is null ? null : new { Address = proxy },
        StateDir = Path.GetFullPath(stateDir),
        Ranges = Array.Empty<object>()
    }, Json) + "\n";

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void To(string file, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        OwnFile.Write(file, text);
    }
}
