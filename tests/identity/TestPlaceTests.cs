using Fleet.Testing;
using Npgsql;

namespace Fleet.Identity.Tests;

public class TestPlaceTests
{
    [Test]
    public async Task A_place_leaves_neither_database_nor_role_behind()
    {
        var servers = await SharedServers.StartedAsync();
        await using (var place = await TestPlace.OpenAsync(servers, ["identity", "consent"]))
        {
            _name = place.VirtualHost;
            Assert.That(await CountAsync(servers), Is.EqualTo(2 + 4 + 1), "databases, owners and readers, consent's auditor");
        }
        Assert.That(await CountAsync(servers), Is.Zero);
    }

    private string _name = "";

    private async Task<long> CountAsync(TestServers servers)
    {
        await using var postgres = NpgsqlDataSource.Create(servers.Postgres);
        await using var command = postgres.CreateCommand(
            "select (select count(*) from pg_database where datname like $1) + (select count(*) from pg_roles where rolname like $1)");
        command.Parameters.Add(new() { Value = $"{_name}%" });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
