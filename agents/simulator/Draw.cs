namespace Fleet.Simulator;

/// <summary>
/// A random number that depends on nothing but the keys it was drawn for: the same (seed, printer, topic, hour) gives
/// the same number in every process and for any moment, past or future. SplitMix64 finaliser over the keys.
/// </summary>
public readonly record struct Draw(ulong Bits)
{
    public static Draw From(long seed, int printer) => new Draw(Mix(unchecked((ulong)seed))).For(printer);

    public Draw For(long key) => unchecked(new(Mix(Bits ^ Mix((ulong)key + 0x9E3779B97F4A7C15))));

    public Draw For(Topic topic, long key = 0) => For((long)topic).For(key);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit => (Bits >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit < probability;

    public double Between(double low, double high) => low + (Unit * (high - low));

    /// <summary>Uniform in [low, high).</summary>
    public long Whole(long low, long high) => low + (long)(Bits % (ulong)(high - low));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>What a number is drawn for. Numbers are part of every printer's history: append, never renumber.</summary>
public enum Topic
{
    Personality = 1, Serial = 2, Mac = 3, Volume = 4, Age = 5, Phase = 6,
    DayVolume = 10, DayColor = 11, DayCopies = 12, DayScans = 13, DayFax = 14, DayDuplex = 15, DayA3 = 16,
    SupplyStart = 20, SupplyCycle = 21, TrayStart = 22,
    Jam = 30, Door = 31, PaperOut = 32, PaperLow = 33, Service = 34,
    Restart = 40, Uplink = 41
}
