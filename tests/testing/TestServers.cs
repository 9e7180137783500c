using Fleet.Cli.Testing;

namespace Fleet.Testing;

/// <summary>
/// One PostgreSQL and one RabbitMQ: the ones <c>./fleet test</c> hands over in FLEET_TEST_POSTGRES and FLEET_TEST_RABBITMQ, else private ones
/// (about 15 s) that end with the test run. Shared by all tests; each takes a <see cref="TestPlace"/> of its own on them.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly TestRabbitMq _rabbit;

    private TestServers(TestPostgres postgres, TestRabbitMq rabbit) => (_postgres, _rabbit) = (postgres, rabbit);

    /// <summary>Npgsql connection string of a superuser.</summary>
    public string Postgres => _postgres.ConnectionString;

    public TestBroker Broker => _rabbit.Broker;

    public static async Task<TestServers> StartAsync()
    {
        var (postgres, rabbit) = (TestPostgres.OpenAsync(TestClock.Real), TestRabbitMq.OpenAsync(TestClock.Real));
        return new(await postgres, await rabbit);
    }

    public async ValueTask DisposeAsync()
    {
        await _rabbit.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
