using System.Globalization;

namespace Fleet.Defaults.Grpc;

/// <summary><c>grpc-timeout</c>: up to eight digits and a unit (<c>H M S m u n</c>), the time the caller will still wait.</summary>
internal static class GrpcTimeout
{
    // A timer cannot be set further ahead; whoever asks for months gets this.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>Null without a header.</summary>
    public static TimeSpan? Read(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;
        if (header.Length is < 2 or > 9 || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw Malformed(header);
        var ticks = header[^1] switch
        {
            'H' => count * TimeSpan.TicksPerHour,
            'M' => count * TimeSpan.TicksPerMinute,
            'S' => count * TimeSpan.TicksPerSecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'n' => count / TimeSpan.NanosecondsPerTick,
            _ => throw Malformed(header),
        };
        return ticks < Longest.Ticks ? TimeSpan.FromTicks(ticks) : Longest;
    }

    private static RpcException Malformed(string header) => new(StatusCode.Internal, $"grpc-timeout '{header}' is malformed.");
}
