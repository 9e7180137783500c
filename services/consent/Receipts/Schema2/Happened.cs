using System.Text.Json.Nodes;
using Fleet.Consent.Consents;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>The consent event of ISO/IEC TS 27560:2023 (guide §8.5): a state of the consent, when, by whom and how it came about, and until when.</summary>
internal static class Happened
{
    public static JsonObject Of(Told told, Agreed? agreed, Parties parties)
    {
        var said = new JsonObject
        {
            ["event_state"] = State(told),
            ["event_type"] = Type(told.IsGranted ? told.How : agreed?.How),
            ["event_time"] = Receipt.Time(told.From),
            ["validity_duration"] = new JsonObject { ["@type"] = "dpv:UntilEventDuration", ["value"] = told.IsGranted ? "its withdrawal" : "a new consent" },
            ["entity_id"] = parties.Indicator,
            ["indication_method"] = $"fleet:{told.How}",
        };
        if (told.Grounds is { } grounds && told.IsGranted)
            said["evidence"] = grounds;
        else if (told.Grounds is { } reason)
            said["reason"] = new JsonObject { ["@type"] = "dpv:Justification", ["description"] = reason };
        return said;
    }

    // DPV keeps "withdrawn" for what the customer does itself; what a move ends, Fleet ends.
    private static string State(Told told) => told.IsGranted ? Vocabulary.Given : told.How == How.Moved ? "dpv:ConsentRevoked" : Vocabulary.Withdrawn;

    // In the portal and at the agent each name is ticked for itself, and nothing else is agreed to with it. Of paper and of a customer's program no more is known than that it was said.
    private static string Type(string? how) => how switch
    {
        How.Portal or How.AgentPage => "dpv:ExplicitlyExpressedConsent",
        null => "dpv:Consent",
        _ => "dpv:ExpressedConsent",
    };
}
