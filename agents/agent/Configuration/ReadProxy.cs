using System.Text;

namespace Fleet.Agent.Configuration;

/// <summary><see cref="ProxyConfig"/> and the password it points to, checked field by field.</summary>
internal static class ReadProxy
{
    public static IEnumerable<string> Problems(ProxyConfig proxy, string broker)
    {
        if (!Uri.TryCreate(proxy.Address, UriKind.Absolute, out var address) || address.Scheme != "http" || address.Host.Length == 0)
            yield return $"proxy.address: '{proxy.Address}' is no address such as http://proxy.example:3128";
        else if (address.UserInfo.Length > 0) yield return "proxy.address: a login stands in proxy.user and proxy.passwordFile, not in the address";
        else if (address.PathAndQuery != "/" || address.Fragment.Length > 0) yield return $"proxy.address: '{proxy.Address}' names more than host and port";
        if (proxy.User is { } user && (user.Length == 0 || user.Contains(':', StringComparison.Ordinal) || user.Any(char.IsControl))) yield return "proxy.user: is empty or holds a colon or a control character (RFC 7617)";
        if (proxy.User is null && (proxy.PasswordFile ?? proxy.PasswordEnv) is not null) yield return "proxy.user: is missing beside the password";
        foreach (var (word, at) in (proxy.Except ?? []).Select((word, at) => (word, at)))
            if (Uri.CheckHostName(word) == UriHostNameType.Unknown) yield return $"proxy.except[{at}]: '{word}' is no host name and no address";
        // It goes into a line of HTTP as it is.
        if (Uri.CheckHostName(broker) == UriHostNameType.Unknown) yield return $"broker.host: '{broker}' is no host name and no address";
    }

    /// <exception cref="ConfigException">There is not exactly one password, or it cannot be read. The message does not hold it.</exception>
    public static ProxyConfig Opened(ProxyConfig proxy, Func<string, string?> environment)
    {
        if (proxy.User is not { } user) return proxy;
        if (proxy.PasswordFile is null == proxy.PasswordEnv is null) throw new ConfigException("proxy: wants either passwordFile or passwordEnv, the place of the password");
        var password = proxy.PasswordEnv is { } variable
            ? environment(variable) is { Length: > 0 } value ? value : throw new ConfigException($"proxy.passwordEnv: there is no environment variable {variable}")
            : InFile(proxy.PasswordFile!);
        return proxy with { Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}" };
    }

    private static string InFile(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n') is { Length: > 0 } text ? text : throw new ConfigException($"proxy.passwordFile: {file} is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"proxy.passwordFile: {unreadable.Message}");
        }
    }
}
