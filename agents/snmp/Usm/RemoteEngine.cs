namespace Fleet.Snmp.Usm;

/// <summary>Another, authoritative engine: who it is and our notion of its boots and time (RFC 3414 §2.3, §3.2 step 7b). Safe on several threads.</summary>
/// <param name="boots">A first guess, as discovery gives it: not authenticated, so the first authenticated message replaces it whatever it says.</param>
internal sealed class RemoteEngine(SnmpEngineId id, int boots, int time, TimeProvider clock)
{
    public const int TimeWindow = 150;

    private readonly Lock gate = new();
    private int boots = boots, time = time, latestReceived;
    private long at = clock.GetTimestamp();
    private bool isAuthentic;

    public SnmpEngineId Id => id;

    /// <summary>What its snmpEngineBoots and snmpEngineTime (seconds) should be by now.</summary>
    public (int Boots, int Time) Now()
    {
        lock (gate) return (boots, Elapsed());
    }

    /// <summary>Takes note of the time in an authenticated message; false when the message is from before, so perhaps a replay.</summary>
    public bool Admit(int theirBoots, int theirTime)
    {
        lock (gate)
        {
            if (!isAuthentic || theirBoots > boots || (theirBoots == boots && theirTime > latestReceived))
                (boots, time, latestReceived, at, isAuthentic) = (theirBoots, theirTime, theirTime, clock.GetTimestamp(), true);
            return boots != int.MaxValue && theirBoots == boots && theirTime >= Elapsed() - TimeWindow;
        }
    }

    private int Elapsed() => (int)Math.Clamp(time + (long)clock.GetElapsedTime(at).TotalSeconds, 0, int.MaxValue);
}
