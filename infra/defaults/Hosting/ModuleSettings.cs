using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Fleet.Defaults;

/// <summary>
/// A module's own doors, from the environment: <c>FLEET_POSTGRES_TELEMETRY</c>, <c>FLEET_POSTGRES_TELEMETRY_READER</c> (Npgsql connection
/// strings of owner and reader role) and <c>FLEET_RABBITMQ_TELEMETRY</c> (amqp URI with user, password and vhost).
/// </summary>
internal sealed record ModuleSettings(string Connection, string ReaderConnection, Uri Broker, TimeSpan KeepClaimsFor)
{
    // An agent unused for so long is disconnected; until then its spool may send again what it got no confirm for.
    private const int SpoolDays = 90, UsualDays = 120;

    public static ModuleSettings Read(IConfiguration settings, string module)
    {
        var name = module.ToUpperInvariant();
        return new(
            Required(settings, $"FLEET_POSTGRES_{name}"),
            Required(settings, $"FLEET_POSTGRES_{name}_READER"),
            new Uri(Required(settings, $"FLEET_RABBITMQ_{name}")),
            TimeSpan.FromDays(ClaimDays(settings["FLEET_CLAIM_DAYS"])));
    }

    private static int ClaimDays(string? text) =>
        text is not { Length: > 0 } ? UsualDays
        : int.TryParse(text, CultureInfo.InvariantCulture, out var days) && days > SpoolDays ? days
        : throw new InvalidOperationException($"FLEET_CLAIM_DAYS is '{text}'; it must be a number of days above {SpoolDays}, so long a spool may send the same again.");

    public static string Required(IConfiguration settings, string key) =>
        settings[key] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{key} is not set. `./fleet up` sets it; see infra/defaults/README.md for what it holds.");
}
