using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;
using Npgsql;

namespace Fleet.Cli.Tests;

/// <summary>FLEET_POSTGRES and FLEET_RABBITMQ: servers somebody else runs, here two of our own that know nothing of the state that uses them.</summary>
public class GivenServersTests
{
    private string _root = "";
    private StateDirectory _state = null!;
    private BrokerTrust _trust = null!;

    [SetUp]
    public void Create()
    {
        _root = Directory.CreateTempSubdirectory("fleet-given-").FullName;
        _state = new(Path.Combine(_root, "state"));
        _state.Create();
        _trust = new(DevCertificates.Open(_state.Secrets, Servers.Clock), SigningKey.Open(Path.Combine(_state.Secrets, "signing-key.pem")));
    }

    [TearDown]
    public void Delete() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Databases_and_roles_are_made_on_a_given_PostgreSQL()
    {
        await using var theirs = await LocalPostgres.StartAsync(Path.Combine(_root, "theirs"), 0, Servers.Clock);

        var databases = await GivenServers.PostgresAsync(theirs.ConnectionString, _state, _ => { }, CancellationToken.None);

        Assert.That(databases.Select(database => database.Service), Is.EquivalentTo(Databases.Services));
        foreach (var address in databases.SelectMany(database => new[] { database.Owner, database.Reader }))
        {
            await using var connection = new NpgsqlConnection(address);
            Assert.DoesNotThrowAsync(() => connection.OpenAsync());
        }
    }

    [Test]
    public void A_given_PostgreSQL_that_does_not_answer_is_one_line_naming_the_variable()
    {
        var failure = Assert.ThrowsAsync<FleetException>(() =>
            GivenServers.PostgresAsync($"Host=127.0.0.1;Port={Ports.Free()};Username=x;Password=y", _state, _ => { }, CancellationToken.None));
        Assert.That(failure!.Message, Does.Contain("FLEET_POSTGRES").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Logins_and_rights_are_imported_into_a_given_RabbitMQ()
    {
        var admin = BrokerUser.Administrator(Secret.New());
        await using var theirs = await LocalRabbitMq.StartAsync(Path.Combine(_root, "theirs"), RabbitMqPorts.Free(), _trust, [admin], Servers.Clock);
        var given = $"amqp://{admin.Login}@127.0.0.1:{theirs.Ports.Amqp}?management=http://127.0.0.1:{theirs.Ports.Management}&amqps=localhost:{theirs.Ports.Amqps}";

        var doors = await GivenServers.RabbitMqAsync(given, _state, _trust, _ => { }, CancellationToken.None);

        Assert.That(doors.Agents.Port, Is.EqualTo(theirs.Ports.Amqps));
        foreach (var service in Databases.Services)
        {
            await using var connection = await Channels.ConnectAsync(new Uri(doors.Services[service]));
            Assert.That(connection.IsOpen, Is.True, service);
        }
    }

    [TestCase("localhost:5672")]
    [TestCase("http://localhost")]
    public void An_address_that_is_none_is_one_line_naming_the_variable(string given)
    {
        var failure = Assert.ThrowsAsync<FleetException>(() => GivenServers.RabbitMqAsync(given, _state, _trust, _ => { }, CancellationToken.None));
        Assert.That(failure!.Message, Does.Contain("FLEET_RABBITMQ").And.Not.Contain("\n"));
    }
}
