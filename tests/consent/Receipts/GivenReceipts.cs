using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.EventStore;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>The changes these tests write receipts of, with the first event of a stream as number 1.</summary>
internal static class GivenReceipts
{
    public static readonly Circumstances Today = new(How.Portal, "https://fleet.example", "demo-dealer", "DE", 2), Before = Today with { Country = null, Receipt = null };

    public static readonly ConsentEvent.Granted Allowed =
        new(["billing"], ["remote-monitoring"], ["counters", "status"], By, At(-600), At(5), "1", "abc", "agreement, file 17", "de", Today);

    /// <summary>Everything there is to grant.</summary>
    public static readonly ConsentEvent.Granted Everything = Allowed with { Purposes = ConsentWords.Purposes, Features = ConsentWords.Features, FieldGroups = ConsentWords.FieldGroups };

    public static readonly ConsentEvent.Withdrawn TakenBack = new(["billing"], [], ["counters"], By, At(7), "we leave", Today);

    public static IEvent Event(long version, ConsentEvent data) => new Event<ConsentEvent>(data)
    {
        Id = new Guid(new byte[15].Append((byte)version).ToArray()),
        Version = version,
        TenantId = "acme",
        StreamKey = "consent/acme",
    };
}
