using Npgsql;

namespace Fleet.Cli.Local;

/// <summary>
/// A private PostgreSQL under one directory: loopback only, SCRAM passwords, no unix socket (its path has a 107-byte limit), fsync on.
/// </summary>
public sealed class LocalPostgres(ProcessIdentity process, string connectionString, TimeProvider clock) : IAsyncDisposable
{
    public const string Superuser = "fleet_admin";

    public ProcessIdentity Process => process;

    /// <summary>Npgsql connection string of the superuser, database <c>postgres</c>.</summary>
    public string ConnectionString => connectionString;

    /// <summary>Initialises <paramref name="directory"/> at the first start, then starts and waits until it answers.</summary>
    /// <param name="directory">The data lies in <c>data</c>, the log in <c>postgres.log</c>, the superuser's password in <c>superuser.secret</c>.</param>
    /// <param name="port">Loopback TCP port; 0 chooses a free one.</param>
    /// <param name="started">Called as soon as the process exists, so that it can be recorded before anything else happens.</param>
    /// <exception cref="FleetException">No binaries, wrong version, port taken, no rights, disk full, or the server ended by itself.</exception>
    public static async Task<LocalPostgres> StartAsync(
        string directory, int port, TimeProvider clock, Action<string>? progress = null, Action<ProcessIdentity>? started = null, CancellationToken stop = default)
    {
        directory = Path.GetFullPath(directory);
        var binaries = await PostgresBinaries.RequireAsync();
        port = port == 0 ? Ports.Free() : port;
        Ports.Require(port, "PostgreSQL");

        PrivateFile.CreateDirectory(directory);
        var password = PrivateFile.ReadOrCreate(Path.Combine(directory, "superuser.secret"), Secret.New);
        var data = Path.Combine(directory, "data");
        File.SetUnixFileMode(directory, Reachable);
        var account = await Account.ForAsync("postgres", directory);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            progress?.Invoke("PostgreSQL: creating the cluster");
            await InitialiseAsync(binaries, account, data, password);
        }

        progress?.Invoke("PostgreSQL: starting");
        await account.OwnAsync(data);
        File.Delete(Path.Combine(data, "postmaster.pid")); // the port is free and we hold the state: whoever wrote it is gone
        var log = Path.Combine(directory, "postgres.log");
        var process = Launch.Detached(
            [.. account.Prefix, Path.Combine(binaries, "postgres"), "-D", data, "-p", $"{port}", .. Settings.SelectMany(setting => new[] { "-c", setting })],
            new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" }, directory, log);
        started?.Invoke(process);

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Superuser,
            Password = password,
            Database = "postgres",
            Timeout = 5
        }.ConnectionString;
        var postgres = new LocalPostgres(process, connection, clock);
        var answers = await Wait.UntilAsync(async () => !process.IsAlive || await AnswersAsync(connection, stop), TimeSpan.FromSeconds(60), clock, stop);
        if (process.IsAlive && answers)
            return postgres;

        var reason = Launch.LastLine(log);
        await postgres.DisposeAsync();
        throw new FleetException("PostgreSQL did not start", log, reason);
    }

    /// <summary>Fast shutdown: sessions are cut, what was committed stays.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(process, clock);

    public static Task StopAsync(ProcessIdentity process, TimeProvider clock) =>
        Signals.StopAsync(process, Signal.Interrupt, TimeSpan.FromSeconds(30), clock);

    // The state directory may be entered by the server's own user; what is private in it has its own mode.
    private const UnixFileMode Reachable = PrivateFile.DirectoryMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "password_encryption=scram-sha-256", "max_connections=500",
        "shared_buffers=256MB", "max_wal_size=2GB", "fsync=on", "jit=off", "timezone=UTC"
    ];

    private static async Task InitialiseAsync(string binaries, Account account, string data, string password)
    {
        // initdb cannot resume: what a killed first start left is removed. The version file is only there once initdb was through.
        var fresh = data + ".new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        PrivateFile.CreateDirectory(fresh);
        await account.OwnAsync(fresh);

        var passwordFile = data + ".secret"; // not over stdin: a pipe of ours cannot be opened by another user
        PrivateFile.Write(passwordFile, password);
        await account.OwnAsync(passwordFile);
        var (code, output) = await Shell.RunAsync(
            [.. account.Prefix, Path.Combine(binaries, "initdb"), "-D", fresh, "-U", Superuser, "-E", "UTF8", "--locale=C.UTF-8",
             "--auth=scram-sha-256", $"--pwfile={passwordFile}"]);
        File.Delete(passwordFile);
        if (code != 0)
            throw new FleetException("PostgreSQL cannot create its cluster", data, output);

        await File.WriteAllTextAsync(Path.Combine(fresh, "pg_hba.conf"), "# loopback only, passwords only\nhost all all 127.0.0.1/32 scram-sha-256\n");
        await account.OwnAsync(fresh);
        Directory.Move(fresh, data);
    }

    public static async Task<bool> AnswersAsync(string connectionString, CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // refused, or "the database system is starting up"
        }
    }
}
