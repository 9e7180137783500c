using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

/// <summary>A meter's life by the hour: random bytes made into growth, resets, wraps, silence, late and doubled deliveries.</summary>
/// <param name="Counted">Readings in the order they happened.</param>
/// <param name="Delivered">The same in the order they came, some twice.</param>
/// <param name="Pages">What was really counted from the first reading to the last, resets aside: kept apart from the code under test.</param>
internal sealed record History(IReadOnlyList<Reading> Counted, IReadOnlyList<Reading> Delivered, long Pages)
{
    private const long Modulus = 1L << 32;

    /// <param name="steps">(hours since the reading before, pages since, lateness and duplication).</param>
    public static History Of(bool nearWrap, IReadOnlyList<(byte Hours, byte Pages, byte Delivery)> steps)
    {
        var (at, value, pages) = (At("2026-01-03"), nearWrap ? Modulus - 5_000 : 70_000L, 0L);
        var readings = new List<Reading> { Read(at, value) };
        foreach (var (hours, printed, _) in steps)
        {
            at = at.AddHours(hours + 1);
            // A reset from just below the modulus looks like a wrap to anybody; elsewhere it must be told apart.
            var reset = printed > 250 && value < Modulus / 4 && value > 10;
            pages += reset ? 0 : printed * 7L;
            value = reset ? printed - 250 : (value + (printed * 7L)) % Modulus;
            readings.Add(Read(at, value));
        }
        var order = readings.Skip(1).Select((reading, i) => (reading, due: i + (steps[i].Delivery / 8), twice: steps[i].Delivery % 2 == 1));
        var delivered = order.OrderBy(r => r.due).SelectMany(r => r.twice ? [r.reading, r.reading] : new[] { r.reading }).Prepend(readings[0]);
        return new(readings, [.. delivered], pages);
    }
}

/// <summary>One meter under one contract: takes deliveries as the consumer does and closes each month when its end has passed, also with readings still on their way.</summary>
internal sealed class Books
{
    private static readonly Terms Contract = Terms(1m, Charge("mono", 100, 0.0123m));
    private readonly HashSet<string> _known = [];
    private readonly List<Reading> _readings = [];
    private Meter _meter = Meter.Unread;
    private Invoice _last = Invoice.None;
    private NumberSeries _series = NumberSeries.Empty;
    private Period _open = new(2026, 1);

    public List<InvoiceEvent.InvoiceIssued> Invoices { get; } = [];

    public MeterHistory Known => new("dev-1", "mono", [.. _readings.OrderBy(r => r.ObservedAt)], _meter.Billed);

    public void Deliver(Reading reading)
    {
        while (reading.ObservedAt > _open.End("UTC"))
            Close();
        var input = new MeterInput("dev-1", "mono", [reading]);
        foreach (var e in KeepReadings.Decide(input, _meter, KeepReadings.MayBeKnown(input, _meter).Where(_known.Contains).ToHashSet()))
        {
            _meter = Meter.Evolve(_meter, e);
            _readings.Add(((MeterEvent.MeterRead)e).Reading);
            _known.Add(input.KeyOf(reading));
        }
    }

    public void Close()
    {
        var close = ClosePeriod.Decide(new("acme.office", "northwind", Contract, Always, _open, _last, [Known], "billing", At("2027-01-01")), Invoice.None, _series);
        _series = NumberSeries.Evolve(_series, close.Number!);
        _meter = close.Billed.Aggregate(_meter, Meter.Evolve);
        _last = new(close.Issued);
        Invoices.Add(close.Issued!);
        _open = _open.Month == 12 ? new(_open.Year + 1, 1) : _open with { Month = _open.Month + 1 };
    }
}
