namespace Fleet.Snmp.V3;

/// <summary>Numbers that do not repeat while a process lives: a counter from a random start (RFC 3826 §3.1.2.1, RFC 3414 §8.1.1.1).</summary>
internal sealed class Salts(long start)
{
    private long last = start;

    public ulong Next() => unchecked((ulong)Interlocked.Increment(ref last));
}
