namespace Fleet.Contracts.Edge.V1;

/// <summary>What an agent may do at the broker: names the issuer of its token and the agent itself must agree on.</summary>
public static class EdgeAccess
{
    /// <summary>Audience of a token that is a broker login (<c>auth_oauth2.resource_server_id</c>).</summary>
    public const string Audience = "rabbitmq";

    /// <summary>Topic exchange for what agents are told. A routing key is a tenant's id and reaches the queues of all its agents.</summary>
    public const string ControlExchange = "control";

    /// <summary>The only queue the agent may read, and nobody else: <c>control.{tenant}.{agent}</c>.</summary>
    public static string ControlQueue(string tenant, string agent) => $"control.{tenant}.{agent}";

    /// <summary>
    /// The name its connections have at the broker, which takes it from the token's <c>client_id</c>: one for each enrolment, so that those of one that has ended can be told from those of the next.
    /// </summary>
    /// <param name="since">When it was let in.</param>
    public static string Login(string tenant, string agent, DateTimeOffset since) => $"{tenant}.{agent}.{since.ToUnixTimeMilliseconds()}";

    /// <summary>
    /// OAuth scope in RabbitMQ's words, <c>right:vhost/resource/routing-key</c>, <c>*</c> for anything: publish under its own tenant and site, read its own
    /// control queue, declare nothing.
    /// </summary>
    public static string Scope(string virtualHost, string tenant, string site, string agent) =>
        $"rabbitmq.write:{virtualHost}/{EdgeBatch.Exchange}/{tenant}.{site}.* rabbitmq.read:{virtualHost}/{ControlQueue(tenant, agent)}";
}
