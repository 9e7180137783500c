using System.Globalization;
using System.Runtime.CompilerServices;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;

namespace Fleet.Agent.Diagnosing;

/// <summary>Whether the proxy opens the ways the agent needs; and a proxy that stands only in the environment, where the agent does not look.</summary>
internal static class ExamineProxy
{
    private static readonly string[] Variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

    public static async IAsyncEnumerable<Finding> RunAsync(AgentConfig config, Func<string, string?> environment, [EnumeratorCancellation] CancellationToken stop)
    {
        if (config.Proxy is not { } proxy)
        {
            if (Array.Find(Variables, name => environment(name) is { Length: > 0 }) is { } set)
                yield return new("proxy", $"none; {set} is set in this environment and not used, because a service would not see it: what the agent uses stands in its configuration");
            yield break;
        }
        var api = new Uri(config.ApiUrl);
        foreach (var (host, port) in new[] { (config.Broker.Host, config.Broker.Port), (api.Host, api.Port) }.Distinct()) yield return await OneAsync(config, proxy, host, port, stop);
    }

    private static async Task<Finding> OneAsync(AgentConfig config, ProxyConfig proxy, string host, int port, CancellationToken stop)
    {
        if (!proxy.LeadsTo(host)) return new("proxy", $"{host} is reached without it (proxy.except)");
        try
        {
            using var tunnel = await OpenTunnel.ToAsync(proxy, host, port, stop);
            return new("proxy", string.Create(CultureInfo.InvariantCulture, $"{proxy} opens the way to {host}:{port}"));
        }
        catch (ProxyException closed)
        {
            return new("proxy", closed.Message, Fixes.For(closed.Kind, config));
        }
    }
}
