using Fleet.Testing;
using Npgsql;

namespace Fleet.Defaults.Tests.Observability;

public class PoolNameTests
{
    [Test]
    public async Task Pools_go_by_their_modules_name_and_no_connection_string_is_in_the_metrics()
    {
        await using var service = await RunningService.StartAsync(Notes.Module());
        using (var reader = service.As("provider-admin", "acme"))
            await reader.GetStringAsync(new Uri("/api/v1/tenants/acme/notes", UriKind.Relative));
        using var http = service.With();
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.That(metrics, Does.Contain("\"licensing-owner\"").And.Contain("\"licensing-reader\""));
        var database = service.Place.DatabaseOf("licensing");
        // The tests' own pools, of whoever made this place, are in the same process and do have such names.
        foreach (var connection in new[] { database.Owner, database.Reader }.Select(c => new NpgsqlConnectionStringBuilder(c)))
            Assert.That(OfThePools(metrics), Is.Not.Empty.And.None.Contains(connection.Password!).And.None.Contains(connection.Username!).And.None.Contains(connection.Database!));
    }

    [Test]
    public async Task A_pool_without_a_name_would_be_seen()
    {
        using var metrics = new MetricsText();
        var servers = await SharedServers.StartedAsync();
        await using (var unnamed = NpgsqlDataSource.Create(servers.Postgres))
        await using (await unnamed.OpenConnectionAsync())
            Assert.That(OfThePools(metrics.Write()), Has.Some.Contains("Host="));
    }

    // All of Npgsql's, whatever it calls them.
    private static string[] OfThePools(string metrics) => [.. metrics.Split('\n').Where(line => line.StartsWith("db_client_", StringComparison.Ordinal) || line.StartsWith("npgsql", StringComparison.Ordinal))];
}
