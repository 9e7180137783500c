using System.Globalization;
using Fleet.Billing.Amounts;
using Fleet.Billing.Consents;
using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;

namespace Fleet.Billing.Tests;

/// <summary>Words for the histories of these tests.</summary>
internal static class Given
{
    public static readonly Currency Eur = Currency.Of("EUR");

    /// <summary><c>2026-10-01</c> or <c>2026-10-01T08:00</c>, UTC.</summary>
    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static Reading Read(string time, long value) => Read(At(time), value);

    /// <summary>The id follows from time and value, so that the same reading is the same everywhere.</summary>
    public static Reading Read(DateTimeOffset time, long value)
    {
        Span<byte> id = stackalloc byte[16];
        BitConverter.TryWriteBytes(id, time.UtcTicks);
        BitConverter.TryWriteBytes(id[8..], value);
        return new(new Guid(id), time, value, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1", "kyocera/3");
    }

    public static MeterHistory Metered(string device, string counter, params Reading[] readings) => new(device, counter, readings, []);

    public static MeterHistory Billed(this MeterHistory meter, string invoice, Reading from, Reading to) =>
        meter with { Billed = [.. meter.Billed.Append(new(invoice, from, to, to.Value - from.Value)).OrderBy(s => s.From.ObservedAt)] };

    public static Charge Charge(string counter, long included, decimal price, params string[] readFrom) =>
        new(counter, included, price, readFrom.Length > 0 ? readFrom : CounterSum.Usual(counter));

    public static Terms Terms(decimal baseFee, params Charge[] charges) =>
        new("Office printing", Eur, "UTC", new(2026, 1, 1), new(baseFee, Eur), charges, DeviceScope.All, ToleranceDays: 5);

    public static readonly BillingConsent Always = new(1, [new(At("2000-01-01"), null)]);

    public static readonly Period October = new(2026, 10);
}
