using System.Text.Json.Serialization;
using Fleet.Snmp;
using Fleet.Snmp.Notifications;

namespace Fleet.Agent.Configuration;

/// <summary>Where to listen for traps and informs; without it nothing listens.</summary>
/// <param name="Credentials">Names of the configuration's <c>credentials</c> they are taken from.</param>
/// <param name="Port">UDP; below 1024 most systems want a right for it.</param>
/// <param name="Address">Of this machine; all its IPv4 addresses when left out, <c>::</c> for all of both families.</param>
public sealed record TrapsConfig(IReadOnlyList<string> Credentials, int Port = SnmpListenerOptions.DefaultPort, string Address = "0.0.0.0")
{
    /// <summary>The credentials themselves, filled in when the configuration is read.</summary>
    [JsonIgnore]
    public IReadOnlyList<SnmpCredential> Opens { get; init; } = [];
}
