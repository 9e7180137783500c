namespace Fleet.Simulator.Serving;

/// <summary>A bad network, for tests: which requests are lost on the way, and how long an answer takes.</summary>
/// <param name="LossPercent">0 … 100 of all requests; which ones follows from the seed and the count of packets.</param>
public sealed record Disturbance(double LossPercent = 0, TimeSpan Delay = default)
{
    public static readonly Disturbance None = new();

    public bool Loses(int printer, long packet) => LossPercent > 0 && Draw.From(0, printer).For(packet).Chance(LossPercent / 100);
}
