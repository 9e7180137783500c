using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Agent.Discovering;
using Fleet.Agent.Scheduling;
using Fleet.Snmp;

namespace Fleet.Agent.Configuration;

/// <summary>A configuration that cannot be used; the message is one line and names the field.</summary>
public sealed class ConfigException(string message) : Exception(message);

/// <summary>file → JSON (strict) → checked <see cref="AgentConfig"/>.</summary>
public static partial class ReadConfig
{
    /// <exception cref="ConfigException">The file cannot be read, or a field is wrong.</exception>
    public static AgentConfig From(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{file}: {unreadable.Message}");
        }
        catch (ConfigException wrong)
        {
            throw new ConfigException($"{file}: {wrong.Message}");
        }
    }

    /// <param name="environment">The environment's variables; the process's own when left out.</param>
    /// <exception cref="ConfigException">A field is wrong.</exception>
    public static AgentConfig Parse(string json, Func<string, string?>? environment = null)
    {
        AgentConfig config;
        try
        {
            config = JsonSerializer.Deserialize(json, ConfigJson.Strict.AgentConfig) ?? throw new ConfigException("holds no object");
        }
        catch (JsonException wrong)
        {
            throw new ConfigException($"{wrong.Path?.TrimStart('$', '.')}: {wrong.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}".TrimStart(':', ' '));
        }
        return Problems(config).FirstOrDefault() is { } problem ? throw new ConfigException(problem) : Opened(config, environment ?? Environment.GetEnvironmentVariable);
    }

    /// <summary>Ranges written over those of the configuration, checked and opened as they are.</summary>
    /// <exception cref="ConfigException">They are none, or one is wrong.</exception>
    public static IReadOnlyList<RangeConfig> Ranges(string json, AgentConfig config)
    {
        try
        {
            return Opened(JsonSerializer.Deserialize(json, ConfigJson.Strict.ListRangeConfig) ?? throw new ConfigException("holds no list"), config);
        }
        catch (JsonException wrong)
        {
            throw new ConfigException($"{wrong.Message.Split(" Path:")[0]}");
        }
    }

    /// <inheritdoc cref="Ranges"/>
    public static IReadOnlyList<RangeConfig> Opened(IReadOnlyList<RangeConfig> ranges, AgentConfig config)
    {
        var others = config with { Ranges = ranges };
        return Problems(others).FirstOrDefault() is { } problem ? throw new ConfigException(problem) : Opened(others, Environment.GetEnvironmentVariable).Ranges!;
    }

    private static AgentConfig Opened(AgentConfig config, Func<string, string?> environment)
    {
        var credentials = (config.Credentials ?? new Dictionary<string, CredentialConfig>())
            .ToDictionary(named => named.Key, named => ReadCredential.From(named.Value, $"credentials.{named.Key}", environment), StringComparer.Ordinal);
        // One object for a community, however many devices it opens.
        var communities = (config.Targets ?? []).Select(target => target.Community).Distinct(StringComparer.Ordinal).ToDictionary(name => name, SnmpCredential.V2C, StringComparer.Ordinal);
        return config with
        {
            TokenUrl = config.TokenUrl.Length > 0 ? config.TokenUrl : $"{config.Api!.TrimEnd('/')}/oauth/token",
            Targets = config.Targets?.Select(target => target with { Opens = target.Credential is { } name ? credentials[name] : communities[target.Community] }).ToList(),
            Ranges = config.Ranges?.Select(range => range.Credential is { } name ? range with { Opens = credentials[name] } : range).ToList(),
            Proxy = config.Proxy is { } proxy ? ReadProxy.Opened(proxy, environment) : null,
            Traps = config.Traps is { } traps ? traps with { Opens = [.. traps.Credentials.Select(name => credentials[name])] } : null
        };
    }

    /// <summary>The client secret: the file's text without the line end.</summary>
    /// <exception cref="ConfigException">No such file, or it is empty.</exception>
    public static string Secret(AgentConfig config)
    {
        try
        {
            return File.ReadAllText(config.SecretFile!).Trim() is { Length: > 0 } secret ? secret : throw new ConfigException($"secretFile: {config.SecretFile} is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"secretFile: {unreadable.Message}");
        }
    }

    private static IEnumerable<string> Problems(AgentConfig config)
    {
        if (!Slug().IsMatch(config.Tenant)) yield return $"tenant: '{config.Tenant}' is no slug (a-z, 0-9, -)";
        if (!Slug().IsMatch(config.Site)) yield return $"site: '{config.Site}' is no slug (a-z, 0-9, -)";
        if (!Slug().IsMatch(config.AgentId)) yield return $"agentId: '{config.AgentId}' is no slug (a-z, 0-9, -)";
        if (config.Broker.Host.Length == 0) yield return "broker.host: is empty";
        if (config.Broker.Port is < 1 or > 65535) yield return $"broker.port: {config.Broker.Port} is no port";
        if (config.Broker.CaFile is { } caFile && !File.Exists(caFile)) yield return $"broker.caFile: there is no file {caFile}";
        if (config.TokenUrl.Length == 0)
        {
            if (config.Api is null) yield return "api: is missing: the origin of Fleet's API, https://…";
        }
        else if (!Uri.TryCreate(config.TokenUrl, UriKind.Absolute, out var token) || token.Scheme is not ("https" or "http")) yield return $"tokenUrl: '{config.TokenUrl}' is no http(s) address";
        else if (token.Scheme == "http" && !token.IsLoopback && !config.AllowInsecureTokenUrl) yield return "tokenUrl: must be https; http only to a loopback address";
        if (config.Api is { } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out var api) || api.Scheme is not ("https" or "http"))) yield return $"api: '{origin}' is no http(s) address";
        else if (config.Api is { } clear && new Uri(clear) is { Scheme: "http", IsLoopback: false } && !config.AllowInsecureTokenUrl) yield return "api: must be https; http only to a loopback address";
        if (config.ClientId is { Length: 0 }) yield return "clientId: is empty";
        if (config.ClientId is null != config.SecretFile is null) yield return "clientId, secretFile: one is of no use without the other; without both the enrolment in stateDir counts";
        if (config.StateDir.Length == 0) yield return "stateDir: is empty";
        if (config.SpoolMaxBytes < 1024 * 1024) yield return $"spoolMaxBytes: {config.SpoolMaxBytes} is less than a mebibyte";
        if (config.TranscriptMaxBytes < 1024 * 1024) yield return $"transcriptMaxBytes: {config.TranscriptMaxBytes} is less than a mebibyte";
        if (config.PagePort is < 0 or > 65535) yield return $"page.port: {config.PagePort} is no port; 0 shows no page";
        if (config.SpoolMaxAge < TimeSpan.FromHours(1)) yield return $"spoolMaxAge: {config.SpoolMaxAge} is less than an hour";
        foreach (var (target, at) in (config.Targets ?? []).Select((target, at) => (target, at)))
        {
            if (!IPAddress.TryParse(target.Address, out var address)) yield return $"targets[{at}].address: '{target.Address}' is no IP address";
            else if (address.IsIPv6Multicast || address.Equals(IPAddress.Broadcast) || address.GetAddressBytes()[0] is >= 224 and < 240 && address.GetAddressBytes().Length == 4)
                yield return $"targets[{at}].address: {target.Address} is not one device; the agent asks unicast only";
            if (target.Port is < 1 or > 65535) yield return $"targets[{at}].port: {target.Port} is no port";
            if (target.Community.Length == 0) yield return $"targets[{at}].community: is empty";
        }
        foreach (var problem in Problems(config.Ranges ?? [])) yield return problem;
        var named = (config.Targets ?? []).Select((target, at) => ($"targets[{at}]", target.Credential)).Concat((config.Ranges ?? []).Select((range, at) => ($"ranges[{at}]", range.Credential)));
        foreach (var (where, name) in named.Concat((config.Traps?.Credentials ?? []).Select(name => ("traps", (string?)name))))
            if (name is not null && config.Credentials?.ContainsKey(name) is not true) yield return $"{where}.credential: there is no credentials.{name}";
        if (config.TimeZone is { } zone && TimeZones.Find(zone) is null) yield return $"timeZone: '{zone}' is no time zone such as Europe/Vienna (IANA)";
        foreach (var problem in config.Proxy is { } proxy ? ReadProxy.Problems(proxy, config.Broker.Host) : []) yield return problem;
        foreach (var problem in config.Traps is { } traps ? Problems(traps, config.Credentials) : []) yield return problem;
    }

    private static IEnumerable<string> Problems(TrapsConfig traps, IReadOnlyDictionary<string, CredentialConfig>? credentials)
    {
        if (traps.Port is < 1 or > 65535) yield return $"traps.port: {traps.Port} is no port";
        if (!IPAddress.TryParse(traps.Address, out _)) yield return $"traps.address: '{traps.Address}' is no IP address";
        if (traps.Credentials.Count == 0) yield return "traps.credentials: names none; traps are taken only from who shows one";
        foreach (var user in traps.Credentials.Select(name => credentials?.GetValueOrDefault(name)?.User).OfType<string>().GroupBy(user => user).Where(same => same.Count() > 1))
            yield return $"traps.credentials: two of them are of user {user.Key}; a user has one";
    }

    private static IEnumerable<string> Problems(IReadOnlyList<RangeConfig> ranges)
    {
        var count = 0L;
        foreach (var (range, at) in ranges.Select((range, at) => (range, at)))
        {
            if (range.Port is < 1 or > 65535) yield return $"ranges[{at}].port: {range.Port} is no port";
            if (range.Community.Length == 0) yield return $"ranges[{at}].community: is empty";
            if (!ParseRanges.TryFrom(range.Addresses, out var parsed, out var fault)) yield return $"ranges[{at}].addresses: {fault}";
            else if ((count += parsed.Count) > Discovering.Ranges.MaxAddresses) yield return $"ranges[{at}].addresses: makes it {count} addresses in all ranges; at most {Discovering.Ranges.MaxAddresses} are swept";
        }
    }

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9])*$")]
    private static partial Regex Slug();
}
