using Fleet.Agent.Configuration;

namespace Fleet.Agent.Enrolling;

/// <summary>Where an agent is to be enrolled, and where it keeps what comes of it: from the command line, and from the configuration where there is one.</summary>
/// <param name="Api">Origin, without a slash at its end.</param>
/// <param name="Config">As it stands in <paramref name="File"/>; null when that is still to be written.</param>
internal sealed record EnrolPlace(string Api, string StateDir, string? CaFile, ProxyConfig? Proxy, string? File, AgentConfig? Config)
{
    /// <exception cref="ConfigException">Something is missing, or command line and configuration say different things.</exception>
    public static EnrolPlace Of(string? api, string? file, string? state, string? ca, string? proxy)
    {
        var config = System.IO.File.Exists(file) ? ReadConfig.From(file) : null;
        var origin = (api ?? config?.ApiUrl ?? throw new ConfigException("--api: is missing: the origin of Fleet's API, https://…")).TrimEnd('/');
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.PathAndQuery != "/") throw new ConfigException($"--api: '{origin}' is no origin such as https://fleet.example");
        if (address is { Scheme: "http", IsLoopback: false } && config?.AllowInsecureTokenUrl is not true) throw new ConfigException("--api: must be https; http only to a loopback address");
        if (config is not null && config.ApiUrl.TrimEnd('/') != origin) throw new ConfigException($"--api: says {origin}, but {file} says {config.ApiUrl}");
        var directory = state ?? config?.StateDir ?? (file is null ? throw new ConfigException("--state: is missing: the directory the agent keeps its key in (or --config FILE)") : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "state"));
        if (ca is not null && !System.IO.File.Exists(ca)) throw new ConfigException($"--ca: there is no file {ca}");
        var through = proxy is null ? config?.Proxy : new ProxyConfig(proxy);
        if (proxy is not null && ReadProxy.Problems(through!, address.Host).FirstOrDefault() is { } wrong) throw new ConfigException(wrong);
        return new(origin, directory, ca ?? config?.Broker.CaFile, through, file, config);
    }

    /// <summary>For words on what went wrong: as the agent would be configured.</summary>
    public AgentConfig AsConfig => Config ?? new("", "", "", new(new Uri(Api).Host), StateDir, $"{Api}/oauth/token", Proxy: Proxy);

    /// <summary>What a configuration that was there before says otherwise.</summary>
    public IEnumerable<string> Differences(Enrolment enrolment, AgentConfig config)
    {
        foreach (var difference in enrolment.Differences(config)) yield return difference;
        if (Path.GetFullPath(config.StateDir) != Path.GetFullPath(StateDir)) yield return $"stateDir: the configuration says {config.StateDir}, but the enrolment is kept in {StateDir}";
        if (config.ClientId is { } client) yield return $"clientId: the configuration logs in as client {client} with a secret; take clientId and secretFile out, so that the enrolment counts";
    }
}
