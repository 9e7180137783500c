namespace Fleet.Billing.Meters;

/// <summary>Something a close did not bill, and why; never guessed, billed by a later close once there are readings.</summary>
/// <param name="Counter">The charge it would have been on.</param>
/// <param name="Reason"><c>no-reading</c>, <c>one-reading</c>, <c>no-counter</c>, <c>no-consent</c> or <c>billed-already</c>.</param>
public sealed record Missing(string DeviceId, string Counter, string Reason, string Detail)
{
    public const string
        NoReading = "no-reading",
        OneReading = "one-reading",
        NoCounter = "no-counter",
        NoConsent = "no-consent",
        BilledAlready = "billed-already";

    public static Missing Of(string device, string counter, string reason) => new(device, counter, reason, reason switch
    {
        NoReading => "There is no reading in the period, nor one after the last bill.",
        OneReading => "There is only one reading so far; pages need two.",
        NoCounter => "The device has none of the counters the contract reads these pages from.",
        NoConsent => "There are readings, but the tenant did not let them be used for billing when they were taken.",
        BilledAlready => "Its pages up to the last reading of the period stand on another invoice.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "no reason of a close"),
    });
}
