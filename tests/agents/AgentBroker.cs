using System.Text;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Cli.Testing;
using Fleet.Contracts.Edge.V1;
using RabbitMQ.Client;

namespace Fleet.Agents.Tests;

/// <summary>A message as the other side of the border sees it.</summary>
internal sealed record Arrived(string RoutingKey, byte[] Body, IReadOnlyBasicProperties Properties)
{
    public long Sequence => (long)Properties.Headers![EdgeBatch.SequenceHeader]!;

    public string Header(string name) => Encoding.UTF8.GetString((byte[])Properties.Headers![name]!);
}

/// <summary>A real broker with a queue behind the exchange `edge`, a token endpoint, and an agent's state directory.</summary>
internal sealed class AgentBroker : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly string queue;

    private AgentBroker(TestBroker broker, IConnection connection, IChannel channel, string queue)
    {
        (Broker, this.connection, this.channel, this.queue) = (broker, connection, channel, queue);
        Issuer = new(broker);
        Directory = AgentSamples.FreshDirectory();
        File.WriteAllText(Path.Combine(Directory, "secret"), Issuer.Secret + "\n");
    }

    public TestBroker Broker { get; }
    public AgentTokenIssuer Issuer { get; }
    public string Directory { get; }

    public AgentConfig Config => AgentSamples.Config(Directory, "localhost", Broker.AmqpsPort, Broker.CaFile, Issuer.Url);

    public static async Task<AgentBroker> OpenAsync(TestBroker broker)
    {
        var connection = await new ConnectionFactory { Uri = new(broker.Services["fleet-admin"]) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(EdgeBatch.Exchange, ExchangeType.Topic, durable: true);
        var queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true)).QueueName;
        await channel.QueueBindAsync(queue, EdgeBatch.Exchange, "acme.hq.#");
        return new(broker, connection, channel, queue);
    }

    /// <summary>Publishes until the spool is empty or the first failure; what stood in the way, or null.</summary>
    public async Task<Failure?> PublishAsync(Spool spool, AgentConfig? config = null, TextWriter? log = null)
    {
        config ??= Config;
        var trust = ServerTrust.From(config.Broker.CaFile);
        using var http = TokenSource.Http(trust, config.Proxy);
        var clock = AgentSamples.SystemClock;
        using var publisher = new PublishSpool(config, spool, new(config, http, clock, new(log ?? TextWriter.Null, clock)), trust, clock, new AgentLog(log ?? TextWriter.Null, clock));
        using var stop = new CancellationTokenSource();
        var running = publisher.RunAsync(untilEmpty: true, stop.Token);
        await AgentSamples.Eventually(() => running.IsCompleted || publisher.Trouble is not null, "the spool to empty or a failure");
        var trouble = publisher.Trouble;
        await stop.CancelAsync();
        await AgentSamples.EndsAsync(running, "the publisher");
        return trouble;
    }

    /// <summary>Gives these keys a queue, too.</summary>
    public Task BindAsync(string keys) => channel.QueueBindAsync(queue, EdgeBatch.Exchange, keys);

    /// <summary>An empty queue for what an agent is told.</summary>
    public async Task DeclareAsync(string name)
    {
        await channel.QueueDeclareAsync(name, durable: false, exclusive: false, autoDelete: false);
        await channel.QueuePurgeAsync(name);
    }

    public Task TellAsync(string name, string body, string type = ConsentNotice.Type) =>
        channel.BasicPublishAsync("", name, mandatory: true, new BasicProperties { Type = type }, Encoding.UTF8.GetBytes(body)).AsTask();

    public async Task<List<Arrived>> ArrivedAsync()
    {
        var arrived = new List<Arrived>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message) arrived.Add(new(message.RoutingKey, message.Body.ToArray(), message.BasicProperties));
        return arrived;
    }

    public async ValueTask DisposeAsync()
    {
        Issuer.Dispose();
        await AgentSamples.EndsAsync(channel.DisposeAsync().AsTask(), "the listening channel");
        await AgentSamples.EndsAsync(connection.DisposeAsync().AsTask(), "the listening connection");
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
