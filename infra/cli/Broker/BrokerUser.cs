using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Cli.Broker;

/// <summary>A login of the broker and what it may do in the vhost <c>fleet</c>; the three are regular expressions over resource names.</summary>
public sealed record BrokerUser(string Name, string Password, string Configure, string Write, string Read, string Tags = "")
{
    /// <summary>
    /// A service: its own queues and exchanges (<c>telemetry-…</c>) and its own messages (<c>telemetry.v1.…</c>), to declare and to publish; everybody's messages
    /// to bind its own queues to; and what it refused to whom (<c>audit.v1.…</c>) to publish. It can neither declare nor delete what is a neighbour's.
    /// </summary>
    public static BrokerUser Service(string service, string password)
    {
        // Telemetry alone drinks from the edge.
        var edge = service == "telemetry" ? "|edge$" : "";
        // Identity alone knows which agents there are; it declares the queue each may read and binds it. Consent alone tells them something.
        var queues = service == "identity" ? @"|control\." : "";
        var telling = service == "consent" ? "|control$" : "";
        var binding = service == "identity" ? "|control$" : "";
        // What anybody else refuses to whom goes into identity's audit trail.
        var refusing = service == "identity" ? "" : @"|audit\.v\d+\.";
        return new(service, password,
            Configure: $@"^({service}-|{service}_|{service}\.v\d+\.{queues})",
            Write: $@"^({service}-|{service}\.v\d+\.{queues}{telling}{refusing})",
            Read: $@"^({service}-|[a-z]+\.v\d+\.{edge}{binding})");
    }

    /// <summary>Who looks after the broker: `./fleet status`, tests, the management page.</summary>
    public static BrokerUser Administrator(string password) => new("fleet-admin", password, ".*", ".*", ".*", "administrator");

    /// <summary>RabbitMQ's rabbit_password_hashing_sha256: base64(salt ‖ SHA-256(salt ‖ password)), salt of 4 bytes.</summary>
    public static string Hash(string password, uint salt)
    {
        var salted = new byte[4 + Encoding.UTF8.GetByteCount(password)];
        BinaryPrimitives.WriteUInt32BigEndian(salted, salt);
        Encoding.UTF8.GetBytes(password, salted.AsSpan(4));
        return Convert.ToBase64String([.. salted[..4], .. SHA256.HashData(salted)]);
    }

    /// <summary>As HTTP basic authentication and addresses write it.</summary>
    public string Login => $"{Name}:{Password}";

    public static uint RandomSalt(BrokerUser user) => (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
}
