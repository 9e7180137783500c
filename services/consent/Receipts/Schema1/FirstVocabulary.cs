using System.Text.Json.Nodes;

namespace Fleet.Consent.Receipts.Schema1;

/// <summary>
/// The words of schema 1. They were chosen before the vocabulary's text was at hand: some do not exist, and names of things stand as text. They stay as they are, since receipts under them were
/// signed and handed out; what is written now is <see cref="Schema2.Vocabulary"/>.
/// </summary>
internal static class FirstVocabulary
{
    public const string Dpv = "https://w3id.org/dpv#", Own = "https://fleet.example/vocabulary#";

    public const string Given = "dpv:ConsentGiven", Withdrawn = "dpv:ConsentWithdrawn";

    private static readonly (string Member, string Term)[] Terms =
    [
        ("schema_version", "dct:conformsTo"), ("record_id", "dct:identifier"), ("pii_principal_id", "dpv:hasDataSubject"), ("record_version", "dct:hasVersion"),
        ("pii_processing", "dpv:hasProcess"), ("privacy_notice", "dpv:hasNotice"), ("language", "dct:language"), ("notice_version", "dct:hasVersion"), ("notice_hash", "fleet:sha256"),
        ("notice_address", "dct:source"), ("lawful_basis", "dpv:hasLegalBasis"), ("purposes", "dpv:hasPurpose"), ("purpose_type", "dpv:hasPurposeType"), ("services", "dpv:hasService"),
        ("pii_information", "dpv:hasPersonalData"), ("pii_type", "dpv:hasPersonalDataType"), ("pii_controllers", "dpv:hasDataController"), ("pii_processors", "dpv:hasDataProcessor"),
        ("collection_method", "dpv:hasCollectionMethod"), ("processing_methods", "dpv:hasProcessing"), ("storage_locations", "dpv:hasStorageCondition"), ("retention_period", "dpv:hasDuration"),
        ("recipient_third_parties", "dpv:hasRecipientThirdParty"), ("withdrawal_method", "dpv:hasConsentControl"), ("privacy_rights", "dpv:hasRight"),
        ("events", "dpv:hasRecordOfActivity"), ("event_time", "dpv:isIndicatedAtTime"), ("recorded_time", "dct:dateSubmitted"), ("validity_duration", "dct:valid"), ("entity_id", "dpv:isIndicatedBy"),
        ("event_type", "dct:type"), ("event_state", "dpv:hasConsentStatus"), ("indication_method", "dpv:hasIndicationMethod"), ("evidence", "dct:provenance"), ("updates", "dct:replaces"),
        ("parties", "dpv:hasEntity"), ("party_id", "dct:identifier"), ("party_role", "dpv:hasRole"), ("party_address", "dpv:hasAddress"), ("party_name", "dpv:hasName"),
    ];

    public static JsonObject Context()
    {
        var context = new JsonObject { ["dpv"] = Dpv, ["dct"] = "http://purl.org/dc/terms/", ["fleet"] = Own };
        foreach (var (member, term) in Terms)
            context[member] = term;
        return context;
    }

    /// <summary>The nearest DPV term for a name of <c>ConsentWords</c>; our own word says the rest.</summary>
    public static string TypeOf(string name) => name switch
    {
        "fleet-management" => "dpv:ServiceProvision",
        "billing" => "dpv:FulfilmentOfContractualObligation",
        "remote-monitoring" => "dpv:Monitor",
        "admin-console" => "dpv:Access",
        "device-administration" => "dpv:Alter",
        "identity" or "network-address" => "dpv:IdentifyingPersonalData",
        "location" => "dpv:PersonalData",
        _ => "dpv:NonPersonalData",     // counts and states of machines; which ones, our own word says
    };
}
