using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Keeping;
using Fleet.Snmp;

namespace Fleet.Agent.Hearing;

/// <summary>Who the agent is to senders of SNMPv3 informs, kept in the state directory: an id made once, and how often it has started.</summary>
public sealed record EngineFile(string Id, int Boots)
{
    private const int IdOctets = 12;

    /// <summary>The engine, one start later; the file is written before anybody hears of the new number (RFC 3414 §2.2.2).</summary>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public static (SnmpEngineId Id, int Boots) Next(string stateDir, Func<int, byte[]> freshBytes)
    {
        var path = Path.Combine(stateDir, "snmp-engine.json");
        var next = Read(path) is { } last ? last with { Boots = last.Boots + 1 } : new(SnmpEngineId.Of(0, freshBytes(IdOctets)).ToString(), 1);
        OwnFile.Write(path, JsonSerializer.Serialize(next, EngineJson.Default.EngineFile));
        return (new(Convert.FromHexString(next.Id)), next.Boots);
    }

    // Unreadable, or at the last number there is: another engine, which senders discover as they do a new one.
    private static EngineFile? Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllText(path), EngineJson.Default.EngineFile);
            return file is { Boots: > 0 and < int.MaxValue - 1 } && Convert.FromHexString(file.Id).Length is >= SnmpEngineId.MinOctets and <= SnmpEngineId.MaxOctets ? file : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EngineFile))]
internal sealed partial class EngineJson : JsonSerializerContext;
