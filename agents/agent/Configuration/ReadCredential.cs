using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Agent.Configuration;

/// <summary><see cref="CredentialConfig"/> and the secrets it points to → <see cref="SnmpCredential"/>.</summary>
public static class ReadCredential
{
    private static readonly Dictionary<string, UsmAuthProtocol> AuthProtocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MD5"] = UsmAuthProtocol.Md5,
        ["SHA"] = UsmAuthProtocol.Sha1,
        ["SHA-224"] = UsmAuthProtocol.Sha224,
        ["SHA-256"] = UsmAuthProtocol.Sha256,
        ["SHA-384"] = UsmAuthProtocol.Sha384,
        ["SHA-512"] = UsmAuthProtocol.Sha512
    };

    private static readonly Dictionary<string, UsmPrivProtocol> PrivProtocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DES"] = UsmPrivProtocol.Des,
        ["AES"] = UsmPrivProtocol.Aes128,
        ["AES-192"] = UsmPrivProtocol.Aes192,
        ["AES-256"] = UsmPrivProtocol.Aes256,
        ["AES-192-C"] = UsmPrivProtocol.Aes192Reeder,
        ["AES-256-C"] = UsmPrivProtocol.Aes256Reeder
    };

    /// <param name="at">Where it stands, for what is said when it is wrong: <c>credentials.office</c>.</param>
    /// <param name="environment">The environment's variables; null where there is none of that name.</param>
    /// <exception cref="ConfigException">A field is missing, wrong or out of place, or a secret cannot be read. The message holds no secret.</exception>
    public static SnmpCredential From(CredentialConfig config, string at, Func<string, string?> environment)
    {
        switch (config.Version)
        {
            case "v1" or "v2c" when config.User is not null || config.Auth is not null || config.Priv is not null || config.Context.Length > 0:
                throw new ConfigException($"{at}: user, auth, priv and context belong to version v3, not {config.Version}");
            case "v1" or "v2c" when config.Community is null:
                throw new ConfigException($"{at}.community: is missing");
            case "v1":
                return SnmpCredential.V1(Secret(config.Community.File, config.Community.Env, $"{at}.community", environment));
            case "v2c":
                return SnmpCredential.V2C(Secret(config.Community.File, config.Community.Env, $"{at}.community", environment));
            case "v3":
                return User(config, at, environment);
            default:
                throw new ConfigException($"{at}.version: '{config.Version}' is none of v1, v2c, v3");
        }
    }

    private static SnmpCredential User(CredentialConfig config, string at, Func<string, string?> environment)
    {
        if (config.Community is not null) throw new ConfigException($"{at}.community: belongs to versions v1 and v2c, not v3");
        if (config.User is not { } user) throw new ConfigException($"{at}.user: is missing");
        if (config is { Priv: not null, Auth: null }) throw new ConfigException($"{at}.priv: SNMPv3 has no privacy without auth");
        var auth = config.Auth is { } a ? new UsmAuthentication(Protocol(AuthProtocols, a, $"{at}.auth"), Passphrase(a, $"{at}.auth", environment)) : null;
        var priv = config.Priv is { } p ? new UsmPrivacy(Protocol(PrivProtocols, p, $"{at}.priv"), Passphrase(p, $"{at}.priv", environment)) : null;
        try
        {
            return SnmpCredential.V3(user, auth, priv, config.Context);
        }
        catch (ArgumentException wrong)
        {
            throw new ConfigException($"{at}.user: {Said(wrong)}");
        }
    }

    private static T Protocol<T>(Dictionary<string, T> known, KeyConfig key, string at) =>
        known.TryGetValue(key.Protocol, out var protocol) ? protocol : throw new ConfigException($"{at}.protocol: '{key.Protocol}' is none of {string.Join(", ", known.Keys)}");

    private static Passphrase Passphrase(KeyConfig key, string at, Func<string, string?> environment)
    {
        try
        {
            return new(Secret(key.File, key.Env, at, environment));
        }
        catch (ArgumentException wrong)
        {
            throw new ConfigException($"{at}: {Said(wrong)}");
        }
    }

    private static string Secret(string? file, string? variable, string at, Func<string, string?> environment)
    {
        if (file is null == variable is null) throw new ConfigException($"{at}: wants either file or env, the place of the secret");
        if (variable is not null)
            return environment(variable) is { Length: > 0 } value ? value : throw new ConfigException($"{at}.env: there is no environment variable {variable}");
        try
        {
            return File.ReadAllText(file!).Trim() is { Length: > 0 } text ? text : throw new ConfigException($"{at}.file: {file} is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{at}.file: {unreadable.Message}");
        }
    }

    private static string Said(ArgumentException wrong) => wrong.Message.Split(" (Parameter")[0];
}
