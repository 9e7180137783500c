using Npgsql;

namespace Fleet.Cli.Local;

/// <summary>One database, one owner and one reader.</summary>
/// <param name="Owner">Npgsql connection string of the role that owns the database.</param>
/// <param name="Reader">The same for the role queries run as: it may connect, and sees what the event store grants it.</param>
/// <param name="Auditor">The same for the role an audit runs as: it reads the stored events of all tenants, and nothing else; null where nothing is audited.</param>
public sealed record ServiceDatabase(string Service, string Owner, string Reader, string? Auditor = null);

/// <summary>
/// The databases of the services: <c>fleet_{service}</c> owned by the role of that name, plus <c>fleet_{service}_reader</c>, which cannot bypass
/// row-level security. Nobody connects to a neighbour's database.
/// </summary>
public static class Databases
{
    public static readonly IReadOnlyList<string> Services = ["identity", "consent", "telemetry", "licensing", "alerting", "billing", "integration"];

    // Whose events `./fleet consent audit` reads.
    private static readonly string[] Audited = ["consent", "telemetry"];

    // All services together stay below the private server's max_connections, in one process or in seven.
    private const int MostOwners = 40, MostReaders = 20, MostAuditors = 2;

    /// <summary>Creates or repairs all of them; passwords are set anew each time, so a restored state and a given server agree.</summary>
    /// <param name="prefix">First word of every name; tests that share a server take their own.</param>
    public static async Task<IReadOnlyList<ServiceDatabase>> CreateAsync(
        string superuser, Func<string, string> passwordOf, IEnumerable<string> services, string prefix = "fleet", CancellationToken stop = default)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        var databases = new List<ServiceDatabase>();
        foreach (var service in services)
            databases.Add(await CreateAsync(source, superuser, service, prefix, passwordOf, stop));
        return databases;
    }

    private static async Task<ServiceDatabase> CreateAsync(
        NpgsqlDataSource source, string superuser, string service, string prefix, Func<string, string> passwordOf, CancellationToken stop)
    {
        var (owner, reader) = ($"{prefix}_{service}", $"{prefix}_{service}_reader");
        var (ownerPassword, readerPassword) = (passwordOf(owner), passwordOf(reader));
        await RoleAsync(source, owner, ownerPassword, stop);
        await RoleAsync(source, reader, readerPassword, stop);
        if (!await ExistsAsync(source, "SELECT 1 FROM pg_database WHERE datname = $1", owner, stop))
            await RunAsync(source, $"CREATE DATABASE {owner} OWNER {owner}", stop);
        await RunAsync(source, $"REVOKE ALL ON DATABASE {owner} FROM PUBLIC; GRANT CONNECT ON DATABASE {owner} TO {reader}", stop);

        return new(service, For(superuser, owner, owner, ownerPassword, MostOwners), For(superuser, owner, reader, readerPassword, MostReaders),
            Audited.Contains(service) ? await AuditorAsync(source, superuser, owner, passwordOf, stop) : null);
    }

    // What it may read, the module itself grants (infra/defaults, Hosting/Auditor): the table is not there yet.
    private static async Task<string> AuditorAsync(NpgsqlDataSource source, string superuser, string database, Func<string, string> passwordOf, CancellationToken stop)
    {
        var auditor = $"{database}_auditor";
        var password = passwordOf(auditor);
        await RoleAsync(source, auditor, password, stop);
        await RunAsync(source, $"GRANT CONNECT ON DATABASE {database} TO {auditor}; ALTER ROLE {auditor} SET default_transaction_read_only = on", stop);
        return For(superuser, database, auditor, password, MostAuditors);
    }

    private static async Task RoleAsync(NpgsqlDataSource source, string role, string password, CancellationToken stop)
    {
        if (!await ExistsAsync(source, "SELECT 1 FROM pg_roles WHERE rolname = $1", role, stop))
            await RunAsync(source, $"CREATE ROLE {role}", stop);
        await RunAsync(source, $"ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'", stop);
    }

    private static async Task<bool> ExistsAsync(NpgsqlDataSource source, string query, string name, CancellationToken stop)
    {
        await using var command = source.CreateCommand(query);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(stop) is not null;
    }

    private static async Task RunAsync(NpgsqlDataSource source, string statements, CancellationToken stop)
    {
        foreach (var statement in statements.Split(';', StringSplitOptions.TrimEntries)) // CREATE DATABASE refuses to run in a block
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    private static string For(string superuser, string database, string role, string password, int most) =>
        new NpgsqlConnectionStringBuilder(superuser)
        {
            Database = database,
            Username = role,
            Password = password,
            MaxPoolSize = most,
            Timeout = 30 // a burst waits for a connection rather than failing
        }.ConnectionString;
}
