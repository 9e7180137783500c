using System.Diagnostics;
using System.Globalization;
using Fleet.EventStore;

namespace Fleet.Billing.Series;

/// <summary>Stream <c>series/{provider}</c>, owned by the provider: which invoice has which number.</summary>
public abstract record SeriesEvent
{
    public sealed record NumberGiven(long Number, string InvoiceId) : SeriesEvent;
}

/// <summary>
/// Numbers without gaps. One is given in the transaction that writes its invoice: both are there or neither, and of two closes
/// at the same moment one finds the series moved on and decides again.
/// </summary>
public sealed record NumberSeries(long Last)
{
    public static readonly NumberSeries Empty = new(0);

    public static readonly StreamType<NumberSeries, SeriesEvent> Stream = new("series", Empty, Evolve)
    {
        Events = { ["number_given"] = typeof(SeriesEvent.NumberGiven) },
        Snapshot = true,
    };

    public static string Key(string provider) => $"series/{provider}";

    /// <summary><c>demo-000042</c>.</summary>
    public static string Text(string provider, long number) => string.Create(CultureInfo.InvariantCulture, $"{provider}-{number:000000}");

    public static NumberSeries Evolve(NumberSeries series, SeriesEvent e) => e switch
    {
        SeriesEvent.NumberGiven given when given.Number == series.Last + 1 => new(given.Number),
        SeriesEvent.NumberGiven given => throw new InvalidOperationException($"The series jumps from {series.Last} to {given.Number}"),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}
