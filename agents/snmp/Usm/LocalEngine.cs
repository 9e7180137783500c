namespace Fleet.Snmp.Usm;

/// <summary>Our own engine where it is the authoritative one: for informs it is the receiver (RFC 3414 §1.5.1, §2.3).</summary>
/// <param name="boots">snmpEngineBoots: one more than the last time an engine of this id ran.</param>
internal sealed class LocalEngine(SnmpEngineId id, int boots, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();

    public SnmpEngineId Id => id;

    public int Boots => boots;

    /// <summary>snmpEngineTime: seconds since it started.</summary>
    public int Time => (int)Math.Min(int.MaxValue, (long)clock.GetElapsedTime(began).TotalSeconds);

    /// <summary>RFC 3414 §3.2 step 7a.</summary>
    public bool IsInTime(int theirBoots, int theirTime) =>
        boots != int.MaxValue && theirBoots == boots && Math.Abs((long)theirTime - Time) <= RemoteEngine.TimeWindow;
}
