using System.CommandLine;
using Fleet.Agent.Configuration;
using Fleet.Snmp;

namespace Fleet.Agent.Commands;

/// <summary>A credential on the command line. Passphrases come from files or the environment: arguments can be read by everyone on the machine.</summary>
internal sealed class CredentialOptions
{
    private readonly Option<string> community = new("--community") { Description = "SNMP v1 or v2c community", DefaultValueFactory = _ => "public" };
    private readonly Option<bool> v1 = new("--v1") { Description = "Speak SNMP v1 instead of v2c" };
    private readonly Option<string?> user = new("--user") { Description = "SNMPv3 security name; with it SNMPv3 is spoken" };
    private readonly Option<string?> auth = new("--auth") { Description = "Authentication protocol: MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512" };
    private readonly Option<string?> authFile = new("--auth-file") { Description = "File with the authentication passphrase" };
    private readonly Option<string?> authEnv = new("--auth-env") { Description = "Environment variable with the authentication passphrase" };
    private readonly Option<string?> priv = new("--priv") { Description = "Privacy protocol: DES, AES, AES-192, AES-256, AES-192-C, AES-256-C" };
    private readonly Option<string?> privFile = new("--priv-file") { Description = "File with the privacy passphrase" };
    private readonly Option<string?> privEnv = new("--priv-env") { Description = "Environment variable with the privacy passphrase" };
    private readonly Option<string> context = new("--context") { Description = "SNMPv3 context name", DefaultValueFactory = _ => "" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { community, v1, user, auth, authFile, authEnv, priv, privFile, privEnv, context }) command.Options.Add(option);
    }

    /// <exception cref="ConfigException">They do not go together, or a passphrase cannot be read.</exception>
    public SnmpCredential Read(ParseResult parsed)
    {
        if (parsed.GetValue(user) is { } name)
            return ReadCredential.From(
                new("v3", User: name, Auth: Key(parsed, auth, authFile, authEnv), Priv: Key(parsed, priv, privFile, privEnv), Context: parsed.GetValue(context)!), "probe", Environment.GetEnvironmentVariable);
        foreach (var option in new[] { auth, authFile, authEnv, priv, privFile, privEnv })
            if (parsed.GetValue(option) is not null) throw new ConfigException($"{option.Name} belongs to SNMPv3, so it wants --user");
        return parsed.GetValue(v1) ? SnmpCredential.V1(parsed.GetValue(community)!) : SnmpCredential.V2C(parsed.GetValue(community)!);
    }

    private static KeyConfig? Key(ParseResult parsed, Option<string?> protocol, Option<string?> file, Option<string?> env) => parsed.GetValue(protocol) is { } named
        ? new(named, parsed.GetValue(file), parsed.GetValue(env))
        : parsed.GetValue(file) is null && parsed.GetValue(env) is null ? null : throw new ConfigException($"{file.Name} wants {protocol.Name}");
}
