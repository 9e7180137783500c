using Fleet.Cli.Local;

namespace Fleet.Cli.Testing;

/// <summary>The PostgreSQL tests run against: the one `./fleet test` hands over in FLEET_TEST_POSTGRES, else a private one that ends with the test.</summary>
public sealed class TestPostgres(string connectionString, LocalPostgres? own, string? directory) : IAsyncDisposable
{
    public const string Variable = "FLEET_TEST_POSTGRES";

    /// <summary>Npgsql connection string of a superuser. Shared: make databases of your own (<see cref="Databases"/> takes a prefix).</summary>
    public string ConnectionString => connectionString;

    public static async Task<TestPostgres> OpenAsync(TimeProvider clock)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return new(given, null, null);
        var directory = Directory.CreateTempSubdirectory("fleet-test-postgres-").FullName;
        var own = await LocalPostgres.StartAsync(directory, 0, clock);
        return new(own.ConnectionString, own, directory);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is null)
            return;
        await own.DisposeAsync();
        Directory.Delete(directory!, recursive: true);
    }
}
