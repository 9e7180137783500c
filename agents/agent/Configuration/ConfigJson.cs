using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Agent.Configuration;

/// <summary>The configuration file as people write it: with comments and trailing commas, but no member that is none and none left out that must be.</summary>
[JsonSerializable(typeof(AgentConfig))]
[JsonSerializable(typeof(List<RangeConfig>))]
internal sealed partial class ConfigJson : JsonSerializerContext
{
    public static ConfigJson Strict { get; } = new(Rules());

    /// <summary>How ranges are written beside the configuration: as it would hold them.</summary>
    public static ConfigJson Written { get; } = new(new(Rules()) { WriteIndented = true });

    private static JsonSerializerOptions Rules() => new(JsonSerializerDefaults.Web)
    {
        Converters = { new DurationJson() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true
    };
}
