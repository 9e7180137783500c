using System.Net;
using System.Text.Json.Serialization;
using Fleet.Agent.Discovering;
using Fleet.Snmp;

namespace Fleet.Agent.Configuration;

/// <summary>Addresses to search for printers.</summary>
/// <param name="Addresses">
/// Words between commas or blanks: <c>192.0.2.0/24</c>, <c>192.0.2.10-192.0.2.90</c> or <c>192.0.2.10-90</c>, <c>192.0.2.7</c>, <c>2001:db8::/120</c>,
/// <c>printer.example</c>; with <c>!</c> before a word, what is left out.
/// </param>
/// <param name="Community">An SNMP v2c community, where no credential is named.</param>
/// <param name="Credential">One of the configuration's <c>credentials</c>.</param>
public sealed record RangeConfig(string Addresses, int Port = 161, string Community = "public", string? Credential = null)
{
    private readonly SnmpCredential? opens;
    private Ranges? ranges;

    /// <inheritdoc cref="TargetConfig.Opens"/>
    [JsonIgnore]
    public SnmpCredential Opens
    {
        get => opens ?? SnmpCredential.V2C(Community);
        init => opens = value;
    }

    /// <exception cref="ConfigException">A word is wrong; <see cref="ReadConfig"/> has looked before.</exception>
    [JsonIgnore]
    public Ranges Ranges => ranges ??= ParseRanges.TryFrom(Addresses, out var parsed, out var fault) ? parsed : throw new ConfigException(fault.ToString());

    /// <summary>One address of it as a device to ask.</summary>
    public TargetConfig At(IPAddress address) => new(address.ToString(), Port, Community, Credential) { Opens = Opens };
}
