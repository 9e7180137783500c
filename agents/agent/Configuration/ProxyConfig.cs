using System.Globalization;
using System.Text.Json.Serialization;

namespace Fleet.Agent.Configuration;

/// <summary>The HTTP proxy through which the agent gets out, by CONNECT (RFC 9110 §9.3.6). It sees names and sizes; TLS goes through it end to end.</summary>
/// <param name="Address"><c>http://proxy.example:3128</c>; port 80 when it names none.</param>
/// <param name="User">For Basic authentication (RFC 7617); none is sent when left out.</param>
/// <param name="PasswordFile">File that holds the password and nothing else.</param>
/// <param name="PasswordEnv">Environment variable that holds it.</param>
/// <param name="Except">Hosts reached without it: a name stands for itself and all names under it, an address for itself.</param>
public sealed record ProxyConfig(string Address, string? User = null, string? PasswordFile = null, string? PasswordEnv = null, IReadOnlyList<string>? Except = null)
{
    /// <summary>Value of <c>Proxy-Authorization</c>, filled in when the configuration is read; null without a user.</summary>
    [JsonIgnore]
    public string? Authorization { get; init; }

    [JsonIgnore]
    public string Host => new Uri(Address).IdnHost;

    [JsonIgnore]
    public int Port => new Uri(Address).Port;

    /// <summary>Whether this host is reached through it.</summary>
    public bool LeadsTo(string host) => Except?.Any(one => host.Equals(one, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{one}", StringComparison.OrdinalIgnoreCase)) is not true;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"proxy {Host}:{Port}");
}
