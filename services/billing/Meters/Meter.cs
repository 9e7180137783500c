using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Billing.Meters;

/// <summary>Stream <c>meter/{device}/{counter}</c>: what was read, and what of it was billed.</summary>
public abstract record MeterEvent
{
    /// <summary>A reading, whenever it came: late ones are told by <see cref="Reading.ObservedAt"/>.</summary>
    public sealed record MeterRead(string DeviceId, string Counter, Reading Reading) : MeterEvent;

    /// <summary>An invoice line took the pages from one reading to another. No later line may take them again.</summary>
    public sealed record PagesBilled(string DeviceId, string Counter, string InvoiceId, Reading From, Reading To, long Pages) : MeterEvent;
}

/// <param name="Latest">The newest reading by observation; null for a meter never read.</param>
/// <param name="Billed">What was billed, in the order of observation; spans touch but never overlap.</param>
public sealed record Meter(Reading? Latest, IReadOnlyList<BilledSpan> Billed)
{
    public static readonly Meter Unread = new(null, []);

    // Readings are many and the state is kept beside the stream, so it holds no list of them: the view MeterReadings does.
    public static readonly StreamType<Meter, MeterEvent> Stream = new("meter", Unread, Evolve)
    {
        Events = { ["meter_read"] = typeof(MeterEvent.MeterRead), ["pages_billed"] = typeof(MeterEvent.PagesBilled) },
        Snapshot = true,
    };

    public static string Key(string device, string counter) => $"meter/{device}/{counter}";

    public static Meter Evolve(Meter meter, MeterEvent e) => e switch
    {
        MeterEvent.MeterRead read => meter with { Latest = meter.Latest?.ObservedAt > read.Reading.ObservedAt ? meter.Latest : read.Reading },
        MeterEvent.PagesBilled billed => meter with
        {
            Billed = [.. meter.Billed.Append(new(billed.InvoiceId, billed.From, billed.To, billed.Pages)).OrderBy(span => span.From.ObservedAt)],
        },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}

/// <summary>Pages from one reading to another that stand on an invoice.</summary>
public sealed record BilledSpan(string InvoiceId, Reading From, Reading To, long Pages);
