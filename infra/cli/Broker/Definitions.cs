using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fleet.Cli.Broker;

/// <summary>
/// The broker's definitions, as RabbitMQ imports them: the vhost <c>fleet</c>, the topic exchanges <c>edge</c>, which agents publish to, and <c>control</c>, over which they are told something, an exchange per
/// message, one login per service. Queues are declared by the services they belong to. There is no guest.
/// </summary>
public static class Definitions
{
    public const string VirtualHost = "fleet", EdgeExchange = "edge", ControlExchange = "control";

    /// <param name="saltOf">Salt of a user's password hash; random outside tests.</param>
    public static string Json(IEnumerable<BrokerUser> users, Func<BrokerUser, uint> saltOf)
    {
        var listed = users.ToList();
        return JsonSerializer.Serialize(new
        {
            users = listed.Select(user => new
            {
                name = user.Name,
                password_hash = BrokerUser.Hash(user.Password, saltOf(user)),
                hashing_algorithm = "rabbit_password_hashing_sha256",
                tags = user.Tags
            }),
            vhosts = new[] { new { name = VirtualHost } },
            permissions = listed.Select(user => new { user = user.Name, vhost = VirtualHost, configure = user.Configure, write = user.Write, read = user.Read }),
            exchanges = new[] { Exchange(EdgeExchange, "topic"), Exchange(ControlExchange, "topic") }.Concat(MessageExchanges.All.Select(name => Exchange(name, MessageExchanges.Type)))
        }, Indented) + "\n";
    }

    private static object Exchange(string name, string type) =>
        new { name, vhost = VirtualHost, type, durable = true, auto_delete = false, @internal = false, arguments = new { } };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
