using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Tests.Meters;

/// <summary>
/// A device that prints, wraps, is reset and gets other boards, and knows all of it: the reference the counting is held against. It shares no code with the counting.
/// Exact is what its history carries the evidence of: a wrap can be told from a reset because it is one counter's, and the pages over the edge are fewer than the engine prints in
/// the time; a reset is not where a wrap would be, and has a reading on either side with no page between, as a swapped board has; a second agent, whose clock disagrees,
/// does not read within minutes of those two.
/// </summary>
internal sealed class PrintingDevice(Random random, int modulusPower)
{
    private static readonly string[] Names = ["total", "mono", "color"];
    private readonly long _modulus = modulusPower == 0 ? long.MaxValue : 1L << modulusPower;
    private readonly Dictionary<string, long> _registers = [];
    private readonly Dictionary<string, long> _unread = [];
    private string _mac = "00:17:c8:00:00:01";
    private int _boards = 1;

    public DateTimeOffset Clock { get; private set; } = Samples.Noon.AddDays(-200);

    /// <summary>Pages between its first reading and its last.</summary>
    public Dictionary<string, long> Printed { get; } = [];

    /// <summary>What its readings should show.</summary>
    public List<(string Counter, string Reason, DateTimeOffset At)> Epochs { get; } = [];

    public List<(DateTimeOffset At, MeterRead Read, bool SecondAgent)> Readings { get; } = [];

    public static PrintingDevice Run(Random random)
    {
        var device = new PrintingDevice(random, random.Next(3) switch { 0 => 31, 1 => 32, _ => 0 });
        device.Begin();
        for (var i = random.Next(5, 60); i > 0; i--)
            switch (random.Next(12))
            {
                case 0: device.Reset(); break;
                case 1: device.SwapBoard(); break;
                case 2: device.ReadBySecondAgent(); break;
                case 3: device.ReadNonsense(); break;
                default: device.PrintAndRead(); break;
            }
        device.PrintAndRead();
        return device;
    }

    private void Begin()
    {
        foreach (var name in Names)
        {
            _registers[name] = _modulus == long.MaxValue ? random.Next(1_000_000) : _modulus - random.Next(1, 3_000);
            Printed[name] = _unread[name] = 0;
            Epochs.Add((name, EpochReason.First, Clock));
        }
        Read();
    }

    private void PrintAndRead()
    {
        var minutes = random.Next(15, 3_000);
        Clock = Clock.AddMinutes(minutes);
        foreach (var name in Names)
            Print(name, random.Next(minutes * 20));
        Read();
    }

    private void Print(string name, long pages)
    {
        (_registers[name], _unread[name]) = (_registers[name] + pages, _unread[name] + pages);
        if (_registers[name] < _modulus)
            return;
        _registers[name] -= _modulus;
        Epochs.Add((name, EpochReason.Wrap, Clock));
    }

    private void Reset()
    {
        PrintAndRead();
        if (_registers.Values.Any(r => r < 10 || _modulus - r < 1_000_000))
            return;
        Clock = Clock.AddMinutes(30);
        foreach (var name in Names)
        {
            _registers[name] = 0;
            Epochs.Add((name, EpochReason.Reset, Clock));
        }
        Read();
    }

    private void SwapBoard()
    {
        PrintAndRead();
        Clock = Clock.AddMinutes(30);
        _mac = $"00:17:c8:00:00:{++_boards:x2}";
        foreach (var name in Names)
        {
            // Far from where it stood, up or down: what an engine could have printed is no other board's count.
            var before = _registers[name];
            do
                _registers[name] = random.NextInt64(40_000_000);
            while (Math.Abs(_registers[name] - before) < 1_000_000);
            Epochs.Add((name, EpochReason.BoardSwap, Clock));
        }
        Read();
    }

    // Its clock is a few minutes off, before or after; the device prints on meanwhile and is read again.
    private void ReadBySecondAgent()
    {
        PrintAndRead();
        Clock = Clock.AddMinutes(20);
        Readings.Add((Clock.AddMinutes(random.Next(-4, 5)), Reading(), true));
        Clock = Clock.AddMinutes(1);
        foreach (var name in Names)
            Print(name, random.Next(100));
        Read();
        Clock = Clock.AddMinutes(15);
        Read();
    }

    private void ReadNonsense()
    {
        Clock = Clock.AddMinutes(20);
        Readings.Add((Clock, Reading() with { Counters = [.. Names.Select(name => Counter(name, random.Next(2) == 0 ? int.MaxValue : uint.MaxValue))] }, false));
    }

    private void Read()
    {
        foreach (var name in Names)
            (Printed[name], _unread[name]) = (Printed[name] + _unread[name], 0);
        Readings.Add((Clock, Reading(), false));
    }

    private MeterRead Reading() => new(Samples.P2040 with { Mac = _mac }, Samples.Kyocera, [.. Names.Select(name => Counter(name, _registers[name]))]);

    private static CounterRead Counter(string name, long value) => new(name, value, "impressions", $"1.3.6.1.4.1.1347.{name.Length}");
}
