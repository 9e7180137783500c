using System.Globalization;

namespace Fleet.Simulator.Printers;

/// <summary>Who owns which printer: <c>acme:2,globex:1</c> gives every third printer to globex.</summary>
public sealed class TenantSplit
{
    private readonly string[] turns;

    private TenantSplit(string[] turns) => this.turns = turns;

    public string Of(int number) => turns[number % turns.Length];

    /// <exception cref="FormatException">Not <c>tenant:share[,tenant:share …]</c> with whole shares from 1 to 1000.</exception>
    public static TenantSplit Parse(string text)
    {
        var turns = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is not [{ Length: > 0 } tenant, var shareText] || !int.TryParse(shareText, CultureInfo.InvariantCulture, out var share) || share is < 1 or > 1000)
                throw new FormatException($"'{part}' is not tenant:share, as in acme:2");
            turns.AddRange(Enumerable.Repeat(tenant, share));
        }
        return turns.Count > 0 ? new([.. turns]) : throw new FormatException("The tenant split names nobody, as in acme:2,globex:1");
    }
}
