using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Enrolling;

/// <summary>What a person let this agent in as, and the token for its next tokens; <c>enrolment.json</c> in the state directory, 0600.</summary>
/// <param name="Api">Origin it was enrolled at; Fleet may have moved since.</param>
/// <param name="KeyId">Of the key it was enrolled with: the token is of no use without it.</param>
/// <param name="RefreshToken">The newest one; each is good for one answer.</param>
public sealed record Enrolment(string Api, string Tenant, string Site, string AgentId, string KeyId, string RefreshToken, DateTimeOffset At)
{
    private const string FileName = "enrolment.json";

    /// <summary>Null when there is none.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or holds none.</exception>
    public static Enrolment? Read(string stateDir)
    {
        var file = Path.Combine(stateDir, FileName);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), EnrolmentJson.Default.Enrolment) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{file}: {unreadable.Message}");
        }
    }

    /// <summary>The enrolment this configuration counts on.</summary>
    /// <exception cref="ConfigException">There is none, or it is another agent's.</exception>
    public static Enrolment Of(AgentConfig config)
    {
        var held = Read(config.StateDir) ?? throw new ConfigException($"{config.StateDir}: this agent is not enrolled: run fleet-agent enrol (or name clientId and secretFile)");
        return held.Differences(config).FirstOrDefault() is { } other ? throw new ConfigException(other) : held;
    }

    /// <summary>What the configuration says otherwise, field by field.</summary>
    public IEnumerable<string> Differences(AgentConfig config)
    {
        foreach (var (field, own, other) in new[] { ("tenant", Tenant, config.Tenant), ("site", Site, config.Site), ("agentId", AgentId, config.AgentId) })
            if (own != other) yield return $"{field}: the configuration says {other}, but this agent is enrolled as {own}";
    }

    /// <summary>On disk, whole, before it returns: the token before it is given up only after that.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string stateDir) => OwnFile.Write(Path.Combine(stateDir, FileName), JsonSerializer.Serialize(this, EnrolmentJson.Default.Enrolment) + "\n");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Enrolment))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
