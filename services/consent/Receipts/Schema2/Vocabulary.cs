using System.Text.Json.Nodes;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>
/// What the words of a receipt mean: members named as ISO/IEC TS 27560:2023 names its fields, each a property of the W3C Data Privacy Vocabulary (DPV 2.3), its personal data and location
/// extensions, Dublin Core, DCAT 3, SKOS, RDF or schema.org; Fleet's own words under its own vocabulary. The context is in the receipt: nothing is fetched to read one.
/// A test holds every term against the list of those that there are (<c>tests/consent/Receipts/KnownTerms</c>).
/// </summary>
internal static class Vocabulary
{
    public const string Given = "dpv:ConsentGiven", Withdrawn = "dpv:ConsentWithdrawn";

    private static readonly (string Prefix, string Iri)[] Prefixes =
    [
        ("dpv", "https://w3id.org/dpv#"), ("pd", "https://w3id.org/dpv/pd#"), ("loc", "https://w3id.org/dpv/loc#"), ("dct", "http://purl.org/dc/terms/"), ("dcat", "http://www.w3.org/ns/dcat#"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"), ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"), ("xsd", "http://www.w3.org/2001/XMLSchema#"), ("schema", "https://schema.org/"),
        ("fleet", "https://fleet.example/vocabulary#"),
    ];

    // Whose values are text, or things with members of their own.
    private static readonly (string Member, string Term)[] Plain =
    [
        ("receipt_id", "dpv:hasIdentifier"), ("records", "dpv:hasRecordOfActivity"),
        ("record_id", "dct:identifier"), ("record_version", "dcat:version"), ("privacy_notice", "dpv:hasNotice"), ("pii_processing", "dpv:hasProcess"), ("events", "dpv:hasConsentStatus"), ("parties", "dpv:hasEntity"),
        ("notice_version", "dcat:version"), ("language", "dct:language"), ("notice_hash", "fleet:sha256"),
        ("purposes", "dpv:hasPurpose"), ("services", "dpv:hasService"), ("pii_information", "dpv:hasPersonalData"), ("other_information", "dpv:hasData"), ("collection_method", "dpv:hasDataSource"),
        ("technology", "dpv:isImplementedUsingTechnology"), ("storage_locations", "dpv:hasStorageCondition"), ("retention_period", "dpv:hasStorageCondition"), ("duration", "dpv:hasDuration"),
        ("withdrawal_method", "dpv:hasConsentControl"), ("privacy_rights", "dpv:hasRight"),
        ("validity_duration", "dpv:hasDuration"), ("value", "rdf:value"), ("evidence", "fleet:evidence"), ("reason", "dpv:hasJustification"),
        ("party_id", "dpv:hasIdentifier"), ("title", "dct:title"), ("description", "dct:description"),
    ];

    // Whose values name a thing: without being told so, a reader of JSON-LD takes "dpv:Consent" for nine letters and a colon.
    private static readonly (string Member, string Term)[] Named =
    [
        ("schema_version", "dct:conformsTo"), ("pii_principal_id", "dpv:hasDataSubject"), ("updates", "dct:isVersionOf"), ("lawful_basis", "dpv:hasLegalBasis"), ("purpose_type", "skos:broader"),
        ("pii_type", "skos:broader"), ("pii_controllers", "dpv:hasDataController"), ("pii_processors", "dpv:hasDataProcessor"), ("processing_methods", "dpv:hasProcessing"), ("location", "dpv:hasLocation"),
        ("jurisdiction", "dpv:hasJurisdiction"), ("recipient_third_parties", "dpv:hasRecipientThirdParty"), ("exercised_at", "dpv:isExercisedAt"), ("event_type", "dpv:hasLegalBasis"),
        ("entity_id", "dpv:isIndicatedBy"), ("indication_method", "dpv:hasIndicationMethod"), ("party_url", "schema:url"),
    ];

    private static readonly (string Member, string Term)[] Times = [("event_time", "dpv:isIndicatedAtTime"), ("recorded_time", "dct:created")];

    // 27560's names for what JSON-LD has words of its own for: which thing, and of what kind.
    private static readonly (string Member, string Keyword)[] Aliases = [("notice_address", "@id"), ("event_state", "@type"), ("party_role", "@type")];

    public static JsonObject Context()
    {
        var context = new JsonObject();
        foreach (var (word, meaning) in Prefixes.Concat(Aliases).Concat(Plain))
            context[word] = meaning;
        foreach (var (member, term) in Named)
            context[member] = new JsonObject { ["@id"] = term, ["@type"] = "@id" };
        foreach (var (member, term) in Times)
            context[member] = new JsonObject { ["@id"] = term, ["@type"] = "xsd:dateTime" };
        return context;
    }

    public static JsonNode Purpose(string name) =>
        Thing(name, "dpv:Purpose", "purpose_type", name == "billing" ? ["dpv:PaymentManagement"] : ["dpv:ServiceManagement"]);

    public static JsonNode Service(string name) => Thing(name, "dpv:Service", "processing_methods", name switch
    {
        "admin-console" => ["dpv:Access"],
        "device-administration" => ["dpv:Alter"],
        _ => ["dpv:Monitor"],
    });

    public static JsonNode Data(string name) => IsPersonal(name) ? Thing(name, "dpv:PersonalData", "pii_type", Categories(name)) : Thing(name, "dpv:NonPersonalData", null, []);

    /// <summary>What can lead to a person: a device at a desk, its addresses, and the room written into it. The rest counts pages and tells states of machines.</summary>
    public static bool IsPersonal(string fieldGroup) => Categories(fieldGroup).Length > 0;

    public static string Country(string code) => $"loc:{code}";

    private static string[] Categories(string fieldGroup) => fieldGroup switch
    {
        "identity" => ["pd:DeviceBased"],
        "network-address" => ["pd:IPAddress", "pd:MACAddress"],
        "location" => ["pd:Location"],
        _ => [],
    };

    private static JsonObject Thing(string name, string type, string? member, string[] terms)
    {
        var thing = new JsonObject { ["@id"] = $"fleet:{name}", ["@type"] = type, ["title"] = name };
        if (member is not null)
            thing[member] = Receipt.List(terms.Select(term => (JsonNode)term));
        return thing;
    }
}
