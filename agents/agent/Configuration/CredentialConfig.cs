namespace Fleet.Agent.Configuration;

/// <summary>What opens devices, by a name that targets refer to. Secrets stand in files or environment variables, never here.</summary>
/// <param name="Version"><c>v1</c>, <c>v2c</c> or <c>v3</c>.</param>
/// <param name="Community">For v1 and v2c.</param>
/// <param name="User">For v3: the security name.</param>
/// <param name="Auth">For v3: how the user proves itself; none is noAuthNoPriv.</param>
/// <param name="Priv">For v3: how messages are encrypted; none is authNoPriv.</param>
/// <param name="Context">For v3: the context name; most devices have only the default one.</param>
public sealed record CredentialConfig(string Version, SecretConfig? Community = null, string? User = null, KeyConfig? Auth = null, KeyConfig? Priv = null, string Context = "");

/// <summary>Where a secret stands: one of the two.</summary>
/// <param name="File">A file that holds it and nothing else.</param>
/// <param name="Env">An environment variable.</param>
public sealed record SecretConfig(string? File = null, string? Env = null);

/// <param name="Protocol">MD5, SHA, SHA-224, SHA-256, SHA-384, SHA-512; for privacy DES, AES, AES-192, AES-256, AES-192-C, AES-256-C (the names net-snmp has).</param>
/// <param name="File">File that holds the passphrase and nothing else.</param>
/// <param name="Env">Environment variable that holds it.</param>
public sealed record KeyConfig(string Protocol, string? File = null, string? Env = null);
