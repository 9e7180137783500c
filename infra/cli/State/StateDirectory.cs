using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>Where things lie below a state directory; everything `./fleet up` writes is here.</summary>
public sealed class StateDirectory
{
    public StateDirectory(string path) => Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public string Root { get; }

    public string StateFile => Path.Combine(Root, "state.json");
    public string LockFile => Path.Combine(Root, "lock");
    public string Secrets => Path.Combine(Root, "secrets");
    public string Logs => Path.Combine(Root, "logs");
    public string Postgres => Path.Combine(Root, "postgres");
    public string RabbitMq => Path.Combine(Root, "rabbitmq");
    public string Manifest => Path.Combine(Root, "simulator", "manifest.json");
    public string SigningKey => Path.Combine(Secrets, "signing-key.pem");
    public string GrantKey => Path.Combine(Secrets, "grant-key.pem");

    /// <summary>Signs exports of tenants, and the tombstones of those that left.</summary>
    public string RegionKey => Path.Combine(Secrets, "region-key.pem");

    /// <summary>What services/host was started with, for its other commands.</summary>
    public string HostSettings => Path.Combine(Secrets, "host.json");
    public string Seeded => Path.Combine(Root, "seeded.json");

    public string Agent(string name) => Path.Combine(Root, "agents", name);

    /// <summary>What a person of the demo signs in with.</summary>
    public string PasswordOf(string name) => Path.Combine(Secrets, $"{name}.password");

    public string SecretOf(string name) => Path.Combine(Secrets, $"{name}.secret");

    /// <summary>The key identity wraps each person's key with; made once, and kept: without it nobody is known by name any more.</summary>
    /// <returns>Its path.</returns>
    public string OpenPeopleKey()
    {
        _ = PrivateFile.ReadOrCreate(SecretOf("people"), Secret.New);
        return SecretOf("people");
    }

    /// <summary>
    /// Makes the directories. The root may be entered (not listed) by the users the servers run as; what is private below it has its own mode.
    /// </summary>
    public void Create()
    {
        try
        {
            PrivateFile.CreateDirectory(Root);
            if (Environment.IsPrivilegedProcess)
                File.SetUnixFileMode(Root, PrivateFile.DirectoryMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            foreach (var directory in new[] { Secrets, Logs, Path.GetDirectoryName(Manifest)!, Path.Combine(Root, "agents") })
                PrivateFile.CreateDirectory(directory);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot write the state directory", Root, cause);
        }
    }
}
