using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Enrolling;

/// <summary>The configuration an enrolled agent starts with: complete, but for the addresses of the devices.</summary>
internal static class WriteConfig
{
    /// <param name="broker"><c>amqps://host:port</c>.</param>
    public static string Text(Enrolment enrolment, Uri broker, string? caFile, string? proxy, string stateDir) => JsonSerializer.Serialize(
        new FirstConfig(
            enrolment.Tenant, enrolment.Site, enrolment.AgentId, enrolment.Api,
            new(broker.Host, broker.IsDefaultPort || broker.Port < 0 ? 5671 : broker.Port, caFile is null ? null : Path.GetFullPath(caFile)),
            proxy is null ? null : new(proxy), Path.GetFullPath(stateDir), []),
        FirstConfigJson.Default.FirstConfig) + "\n";

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void To(string file, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        OwnFile.Write(file, text);
    }
}

/// <summary>The part of an <see cref="AgentConfig"/> that enrolment knows, in the order a person reads it; what it does not say stays as usual.</summary>
internal sealed record FirstConfig(string Tenant, string Site, string AgentId, string Api, FirstBroker Broker, FirstProxy? Proxy, string StateDir, IReadOnlyList<RangeConfig> Ranges);

internal sealed record FirstBroker(string Host, int Port, string? CaFile);

internal sealed record FirstProxy(string Address);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FirstConfig))]
internal sealed partial class FirstConfigJson : JsonSerializerContext;
