using System.Globalization;

namespace Fleet.Cli.Broker;

/// <summary>The texts a private broker starts from.</summary>
public static class RabbitMqConfiguration
{
    public const string Plugins =
        "[rabbitmq_auth_backend_oauth2,rabbitmq_consistent_hash_exchange,rabbitmq_management,rabbitmq_prometheus].\n";

    public static string KeyFile(string keyId) => $"token-{keyId}.pem";

    /// <summary>rabbitmq.conf; <paramref name="files"/> is the directory that holds ca.pem, server.pem, server.key, a token-{key id}.pem for each key and definitions.json.</summary>
    /// <param name="keyIds">Of the keys access tokens are signed with, now or later.</param>
    public static string Text(RabbitMqPorts ports, string files, IReadOnlyList<string> keyIds) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by ./fleet at every start; changes here do not last.
        listeners.tcp.local = {ports.Address}:{ports.Amqp}
        listeners.ssl.local = {ports.Address}:{ports.Amqps}
        ssl_options.cacertfile = {files}/ca.pem
        ssl_options.certfile = {files}/server.pem
        ssl_options.keyfile = {files}/server.key
        ssl_options.verify = verify_none
        ssl_options.fail_if_no_peer_cert = false
        ssl_options.versions.1 = tlsv1.3
        ssl_options.versions.2 = tlsv1.2
        management.tcp.ip = {ports.Address}
        management.tcp.port = {ports.Management}
        prometheus.tcp.ip = {ports.Address}
        prometheus.tcp.port = {ports.Prometheus}
        load_definitions = {files}/definitions.json
        # Services log in by password; agents log in with their access token as the password.
        auth_backends.1 = internal
        auth_backends.2 = rabbit_auth_backend_oauth2
        auth_oauth2.resource_server_id = rabbitmq
        auth_oauth2.default_key = {keyIds[0]}
        {string.Join("\n", keyIds.Select(id => $"auth_oauth2.signing_keys.{id} = {files}/{KeyFile(id)}"))}
        collect_statistics_interval = 1000
        log.console = true
        log.console.level = info
        disk_free_limit.absolute = 200MB
        vm_memory_high_watermark.relative = 0.3

        """);
}
