using Fleet.Cli.Testing;

namespace Fleet.Cli.Tests;

/// <summary>One PostgreSQL and one RabbitMQ for all tests here, started by the code under test.</summary>
[SetUpFixture]
public class Servers
{
    public static TestPostgres Postgres { get; private set; } = null!;
    public static TestBroker Broker { get; private set; } = null!;

    private static TestRabbitMq? _rabbit;

    [OneTimeSetUp]
    public async Task Start()
    {
        _rabbit = await TestRabbitMq.OpenAsync(Clock);
        Postgres = await TestPostgres.OpenAsync(Clock);
        Broker = _rabbit.Broker;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await (_rabbit?.DisposeAsync() ?? default);
        await (Postgres?.DisposeAsync() ?? default);
    }

#pragma warning disable RS0030 // the composition root of these tests
    public static readonly TimeProvider Clock = TimeProvider.System;
#pragma warning restore RS0030
}
