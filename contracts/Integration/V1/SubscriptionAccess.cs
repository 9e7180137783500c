namespace Fleet.Contracts.Integration.V1;

/// <summary>What an integrator may do at the broker: read the queues of its own subscriptions, and nothing else. It declares, binds and publishes nothing.</summary>
public static class SubscriptionAccess
{
    /// <param name="client">Client id of the integrator, a slug: no dot and no wildcard is in it.</param>
    /// <param name="subscription">A slug, too.</param>
    public static string Queue(string client, string subscription) => $"out.{client}.{subscription}";

    /// <summary>OAuth scope in RabbitMQ's words, <c>right:vhost/resource</c>.</summary>
    public static string Scope(string virtualHost, string client) => $"rabbitmq.read:{virtualHost}/{Queue(client, "*")}";
}
