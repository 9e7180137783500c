using System.Diagnostics;
using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;

namespace Fleet.Agent.Diagnosing;

/// <summary>What to do about each way not to get to the broker. Pure.</summary>
internal static class Fixes
{
    public const string Silent = "fleet-agent probe ADDRESS says more of each: off, SNMP off, firewall (UDP 161), or another community or user";

    public static string For(FailureKind kind, AgentConfig config)
    {
        var door = string.Create(CultureInfo.InvariantCulture, $"outbound TCP {config.Broker.Port} to {config.Broker.Host}");
        return kind switch
        {
            FailureKind.Dns => "check the name in the configuration and this machine's name server (resolv.conf)",
            FailureKind.Refused or FailureKind.NoRoute or FailureKind.NoAnswer => $"let {door} and HTTPS to {config.ApiUrl} through the firewall; nothing inbound is needed",
            FailureKind.Tls => "check broker.caFile against the authority that signed the server's certificate, the host name, and this machine's clock; a proxy that opens TLS is not believed",
            FailureKind.Token => config.ClientId is null ? "set this machine's clock (timedatectl set-ntp true); api must be the very address this agent was enrolled at" : "check clientId and the file secretFile names; ask the provider whether this agent was disconnected",
            FailureKind.NotEnrolled => "stop the agent, run fleet-agent enrol --config FILE and have the code approved; who ended it, and why, is seen where agents are listed",
            FailureKind.TokenExpired => "set this machine's clock; a token lives 20 minutes",
            FailureKind.LoginRefused => "the broker does not believe the issuer in tokenUrl: both must belong to the same region",
            FailureKind.Forbidden => "tenant, site and agentId must be those this client was enrolled for",
            FailureKind.Unroutable => "the provider's telemetry service does not run; nothing is lost meanwhile",
            FailureKind.ConnectionLost => $"look at what lies between: a proxy or firewall that cuts {door}",
            FailureKind.Configuration => "mend the configuration",
            FailureKind.Transcript => "make room where stateDir lies",
            FailureKind.ProxyDns => "check proxy.address and this machine's name server (resolv.conf)",
            FailureKind.ProxyUnreachable => $"check proxy.address, and let TCP to {config.Proxy} through the firewall",
            FailureKind.ProxyLogin => "set proxy.user and proxy.passwordFile, or let this machine through without a login; the agent knows Basic only",
            FailureKind.ProxyForbids => $"let the proxy allow CONNECT to {config.Broker.Host}:{config.Broker.Port} and to the host of {config.ApiUrl}; many allow port 443 only",
            FailureKind.ProxyNoWay => $"the proxy itself must resolve and reach {config.Broker.Host}:{config.Broker.Port} and the host of {config.ApiUrl}",
            FailureKind.ProxySilent or FailureKind.ProxyNonsense => "check that an HTTP proxy listens at proxy.address, and not a TLS or SOCKS port",
            _ => throw new UnreachableException($"{kind}")
        };
    }
}
