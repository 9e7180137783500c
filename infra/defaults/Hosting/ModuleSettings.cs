using Microsoft.Extensions.Configuration;

namespace Fleet.Defaults;

/// <summary>
/// A module's own doors, from the environment: <c>FLEET_POSTGRES_TELEMETRY</c>, <c>FLEET_POSTGRES_TELEMETRY_READER</c> (Npgsql connection
/// strings of owner and reader role) and <c>FLEET_RABBITMQ_TELEMETRY</c> (amqp URI with user, password and vhost).
/// </summary>
internal sealed record ModuleSettings(string Connection, string ReaderConnection, Uri Broker)
{
    public static ModuleSettings Read(IConfiguration settings, string module)
    {
        var name = module.ToUpperInvariant();
        return new(
            Required(settings, $"FLEET_POSTGRES_{name}"),
            Required(settings, $"FLEET_POSTGRES_{name}_READER"),
            new Uri(Required(settings, $"FLEET_RABBITMQ_{name}")));
    }

    public static string Required(IConfiguration settings, string key) =>
        settings[key] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{key} is not set. `./fleet up` sets it; see infra/defaults/README.md for what it holds.");
}
