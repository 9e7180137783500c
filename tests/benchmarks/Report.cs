using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fleet.Benchmarks;

/// <summary>One figure: the median of rounds, and the rounds.</summary>
/// <param name="Unit">E.g. <c>events/s</c>.</param>
/// <param name="Goal">What it should reach, in the same unit; null when nothing was promised.</param>
/// <param name="LessIsBetter">The goal is a limit: bytes, seconds.</param>
public sealed record Figure(string Name, string Unit, double Median, IReadOnlyList<double> Rounds, double? Goal = null, bool LessIsBetter = false)
{
    public bool? Reached => Goal is { } goal ? LessIsBetter ? Median <= goal : Median >= goal : null;

    public static Figure Of(string name, string unit, IReadOnlyList<double> rounds, double? goal = null, bool lessIsBetter = false) =>
        new(name, unit, Middle(rounds), rounds, goal, lessIsBetter);

    private static double Middle(IReadOnlyList<double> rounds)
    {
        var sorted = rounds.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What a benchmark found, and under which conditions.</summary>
public sealed record Report(string Name, IReadOnlyDictionary<string, string> Conditions, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public async Task WriteAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, $"{Name}.json"), ToJson());
    }

    public string ToTable()
    {
        var table = new StringBuilder();
        foreach (var (condition, value) in Conditions) table.AppendLine(CultureInfo.InvariantCulture, $"  {condition}: {value}");
        table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"  {"",-58}{"median",10}{"least",10}{"most",10}{"goal",10}");
        foreach (var f in Figures)
        {
            var goal = f.Goal is null ? "" : Text(f.Goal.Value) + (f.Reached == true ? " ✓" : " ✗");
            table.AppendLine(CultureInfo.InvariantCulture, $"  {$"{f.Name}, {f.Unit}",-58}{Text(f.Median),10}{Text(f.Rounds.Min()),10}{Text(f.Rounds.Max()),10}{goal,12}");
        }
        return table.ToString();
    }

    private static string Text(double value) => value.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
