using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Npgsql;

namespace Fleet.EventStore.Tests;

/// <summary>One PostgreSQL and one database for all tests; each test has a schema of its own.</summary>
[SetUpFixture]
public sealed class Server
{
    private static readonly string Prefix = $"estore{Environment.ProcessId}";
    private static TestPostgres? postgres;
    private static int schemas;

    public static ServiceDatabase Database { get; private set; } = null!;
    public static string Superuser => new NpgsqlConnectionStringBuilder(postgres!.ConnectionString) { Database = $"{Prefix}_t" }.ConnectionString;

#pragma warning disable RS0030 // the tests' composition root: waits for a server run by the real clock
    private static TimeProvider Clock => TimeProvider.System;
#pragma warning restore RS0030

    [OneTimeSetUp]
    public static async Task StartAsync()
    {
        postgres = await TestPostgres.OpenAsync(Clock);
        Database = (await Databases.CreateAsync(postgres.ConnectionString, role => $"secret-of-{role}", ["t"], Prefix))[0];
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using (var source = NpgsqlDataSource.Create(postgres!.ConnectionString))
            foreach (var sql in new[] { $"drop database {Prefix}_t with (force)", $"drop role {Prefix}_t_reader", $"drop role {Prefix}_t" })
            {
                await using var command = source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
            }
        await postgres.DisposeAsync();
    }

    public static string NewSchema() => $"s{Interlocked.Increment(ref schemas)}";

    public static TimeProvider RealClock => Clock;

    /// <summary>Runs SQL as superuser in the tests' database.</summary>
    public static async Task<T?> SqlAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
