using Fleet.Cli.Up;
using Npgsql;

namespace Fleet.Cli.Tests;

public class PrerequisitesTests
{
    [TestCase(true, true, true, true, Source.Given)]
    [TestCase(false, true, true, true, Source.LocalBinaries)]
    [TestCase(false, false, true, true, Source.Docker)]
    [TestCase(false, false, false, true, Source.Packages)]
    [TestCase(false, false, false, false, null)]
    public void A_server_comes_from_the_nearest_source(bool given, bool binaries, bool docker, bool packages, Source? chosen) =>
        Assert.That(Prerequisites.Choose(given, binaries, docker, packages), Is.EqualTo(chosen));

    [Test]
    public void A_postgres_address_becomes_a_connection_string()
    {
        var words = new NpgsqlConnectionStringBuilder(GivenServers.ConnectionString("postgres://admin:p%40ss@db.example:6432/main"));
        Assert.That((words.Host, words.Port, words.Username, words.Password, words.Database), Is.EqualTo(("db.example", 6432, "admin", "p@ss", "main")));
    }

    [Test]
    public void A_connection_string_passes_through() =>
        Assert.That(GivenServers.ConnectionString("Host=db;Username=admin"), Is.EqualTo("Host=db;Username=admin"));
}
