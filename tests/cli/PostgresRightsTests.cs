using Fleet.Cli.Local;
using Npgsql;

namespace Fleet.Cli.Tests;

public class PostgresRightsTests
{
    [Test]
    public async Task A_service_owns_its_database_and_enters_no_other()
    {
        var (consent, billing) = await CreateAsync();

        await RunAsync(consent.Owner, "CREATE TABLE IF NOT EXISTS proof (id int)");
        var refused = Assert.ThrowsAsync<PostgresException>(() => RunAsync(InDatabase(consent.Owner, billing.Owner), "SELECT 1"));
        Assert.That(refused!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [Test]
    public async Task A_reader_sees_nothing_until_it_is_granted()
    {
        var (consent, _) = await CreateAsync();
        await RunAsync(consent.Owner, "CREATE TABLE IF NOT EXISTS receipts (id int)");

        var refused = Assert.ThrowsAsync<PostgresException>(() => RunAsync(consent.Reader, "SELECT * FROM receipts"));
        Assert.That(refused!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));

        await RunAsync(consent.Owner, "GRANT SELECT ON receipts TO clitests_consent_reader");
        Assert.DoesNotThrowAsync(() => RunAsync(consent.Reader, "SELECT * FROM receipts"));
        await RunAsync(consent.Owner, "DROP TABLE receipts");
    }

    [Test]
    public async Task Row_security_holds_for_a_reader()
    {
        var (consent, _) = await CreateAsync();
        await RunAsync(consent.Owner, """
            CREATE TABLE IF NOT EXISTS walled (tenant text); INSERT INTO walled VALUES ('acme'), ('globex');
            GRANT SELECT ON walled TO clitests_consent_reader; ALTER TABLE walled ENABLE ROW LEVEL SECURITY
            """);
        Assert.That(await CountAsync(consent.Reader, "SELECT count(*) FROM walled"), Is.Zero);

        await RunAsync(consent.Owner, "ALTER TABLE walled DISABLE ROW LEVEL SECURITY"); // the twin: without the wall both tenants show
        Assert.That(await CountAsync(consent.Reader, "SELECT count(*) FROM walled"), Is.EqualTo(2));
        await RunAsync(consent.Owner, "DROP TABLE walled");
    }

    [Test]
    public async Task A_stopped_server_keeps_what_was_committed()
    {
        // Below a 0700 directory, as under /root or a mktemp -d: run by root, the server's own user could not enter it.
        var closed = Directory.CreateTempSubdirectory("fleet-cli-tests-").FullName;
        var directory = Path.Combine(closed, "postgres");
        await using (var first = await LocalPostgres.StartAsync(directory, 0, Servers.Clock))
            await RunAsync(first.ConnectionString, "CREATE TABLE kept (id int)");

        await using (var second = await LocalPostgres.StartAsync(directory, 0, Servers.Clock))
            Assert.That(await CountAsync(second.ConnectionString, "SELECT count(*) FROM kept"), Is.Zero);
        Directory.Delete(closed, recursive: true);
    }

    private static async Task<(ServiceDatabase Consent, ServiceDatabase Billing)> CreateAsync()
    {
        var made = await Databases.CreateAsync(Servers.Postgres.ConnectionString, role => $"pw-{role}", ["consent", "billing"], prefix: "clitests");
        return (made[0], made[1]);
    }

    private static string InDatabase(string role, string other) =>
        new NpgsqlConnectionStringBuilder(role) { Database = new NpgsqlConnectionStringBuilder(other).Database }.ConnectionString;

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
