using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Identity.Agents;

// an agent's token is issued -> queue control.{tenant}.{agent} in the vhost its scope names, bound to what its tenant's agents are told
/// <summary>
/// The one queue an agent may read, declared with each of its tokens: an agent that asks for one is about to connect, and declaring anew is what keeps the
/// queue. Who is disabled or gone asks for none, and the queue ends by itself. Nobody can declare it but identity, and agents declare nothing.
/// </summary>
/// <param name="virtualHost">The one in agents' scopes.</param>
public sealed class ControlQueues(ModuleContext module, string virtualHost)
{
    // A token without its queue beats no token: the next one, in a quarter of an hour, tries again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Quorum, at most 1,000 messages (the oldest give way), each for a day at most: a grant lives no longer, so nothing older is worth hearing. Gone after 30 days
    /// without an agent; milliseconds, as RabbitMQ takes them (its limit is 49 days).
    /// </summary>
    public static readonly IReadOnlyDictionary<string, object?> Arguments = new Dictionary<string, object?>
    {
        ["x-queue-type"] = "quorum",
        ["x-max-length"] = 1_000,
        ["x-overflow"] = "drop-head",
        ["x-message-ttl"] = (long)TimeSpan.FromDays(1).TotalMilliseconds,
        ["x-expires"] = (long)TimeSpan.FromDays(30).TotalMilliseconds,
    };

    private readonly ConnectionFactory _factory = new()
    {
        Uri = new UriBuilder(module.Settings["FLEET_RABBITMQ_IDENTITY"]!) { Path = virtualHost }.Uri,
        ClientProvidedName = "fleet identity control queues",
        AutomaticRecoveryEnabled = false,
    };

    private readonly ILogger _log = module.Logs.CreateLogger<ControlQueues>();

    /// <summary>Returns within two seconds, whatever the broker does.</summary>
    public async Task EnsureAsync(string tenant, string agent, CancellationToken cancel)
    {
        var queue = EdgeAccess.ControlQueue(tenant, agent);
        using var limit = new CancellationTokenSource(Patience, module.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await DeclareAsync(queue, tenant, either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            _log.LogWarning("Queue {Queue} could not be declared: {Reason}", queue, e.Message);
        }
    }

    /// <summary>For good, when their tenant leaves: what was told its agents is nobody's here any more.</summary>
    /// <exception cref="InvalidOperationException">The broker does not answer, or refuses.</exception>
    public static async Task DeleteAsync(IConfiguration settings, IReadOnlyList<TenantAgent> agents, CancellationToken cancel)
    {
        if (agents.Count == 0)
            return;
        try
        {
            var factory = new ConnectionFactory { Uri = new UriBuilder(settings["FLEET_RABBITMQ_IDENTITY"]!) { Path = settings["FLEET_RABBITMQ_VHOST"] ?? "fleet" }.Uri, AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(cancel);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
            foreach (var agent in agents)
                await channel.QueueDeleteAsync(agent.ControlQueue, cancellationToken: cancel); // one that is not there is as good
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException)
        {
            throw new InvalidOperationException($"The control queues of the tenant's agents could not be deleted: {e.Message}", e);
        }
    }

    // A connection for one declaration: some thousand agents ask four times an hour each, and there is nothing to keep alive or to close at a stop.
    private async Task DeclareAsync(string queue, string tenant, CancellationToken cancel)
    {
        await using var connection = await _factory.CreateConnectionAsync(cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(Arguments), cancellationToken: cancel);
        await channel.QueueBindAsync(queue, EdgeAccess.ControlExchange, tenant, cancellationToken: cancel);
    }
}
