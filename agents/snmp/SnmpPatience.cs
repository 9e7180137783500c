namespace Fleet.Snmp;

/// <summary>How long to wait for one device. Each further try waits longer, give or take a fifth, so that silent devices do not fall into step.</summary>
/// <param name="Timeout">Of the first try.</param>
/// <param name="Retries">Further tries of the same request, under the same request id: a late answer to the first still counts.</param>
/// <param name="Growth">How many times as long each try waits as the one before it.</param>
public sealed record SnmpPatience(TimeSpan Timeout, int Retries, int Growth = 2)
{
    /// <summary>Second chances for a printer that wakes up: 1 s, 2 s, 4 s.</summary>
    public static readonly SnmpPatience Device = new(TimeSpan.FromSeconds(1), 2);

    /// <summary>For sweeping ranges where most addresses are empty: 1 s, 1 s.</summary>
    public static readonly SnmpPatience Sweep = new(TimeSpan.FromSeconds(1), 1, Growth: 1);

    internal TimeSpan Of(int attempt, Random random)
    {
        double jitter;
        lock (random) jitter = 0.8 + random.NextDouble() * 0.4;
        return Timeout * Math.Pow(Growth, Math.Min(attempt, 10)) * jitter;
    }
}
