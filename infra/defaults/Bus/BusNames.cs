using MassTransit;

namespace Fleet.Defaults;

/// <summary>
/// Names on the broker: an exchange per message type, <c>telemetry.v1.readings-accepted</c>, and queues
/// <c>{module}-{consumer}</c>. Broker permissions are written in terms of these prefixes.
/// </summary>
public sealed class BusNames : IEntityNameFormatter
{
    public const string ContractsPrefix = "Fleet.Contracts.";

    public string FormatEntityName<T>() => Of(typeof(T));

    /// <summary><c>Fleet.Contracts.Telemetry.V1.ReadingsAccepted</c> → <c>telemetry.v1.readings-accepted</c>.</summary>
    public static string Of(Type message) =>
        message.Namespace is { } ns && ns.StartsWith(ContractsPrefix, StringComparison.Ordinal)
            ? $"{ns[ContractsPrefix.Length..].ToLowerInvariant()}.{KebabCaseEndpointNameFormatter.Instance.SanitizeName(message.Name)}"
            : throw new InvalidOperationException($"{message} is not a public message: it does not live in {ContractsPrefix}<Service>.V<n>");
}
