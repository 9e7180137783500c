namespace Fleet.Consent.Tests.Receipts;

/// <param name="Fits">Of a property what its values may be: a class, <c>text</c>, or nothing where the vocabulary leaves it open. Of a class what it is (its nearest, as <c>skos:broader</c> or <c>rdfs:subClassOf</c> says).</param>
internal sealed record Term(string Name, bool IsProperty, string[] Fits);

/// <summary>
/// The terms a receipt uses, as the vocabularies define them: written down by hand from DPV 2.3 (<c>https://w3id.org/dpv/2.3</c>, with its extensions PD and LOC), DCMI Metadata Terms (2020-01-20),
/// DCAT 3 (2024-08-22), SKOS (2009-08-18), RDF 1.1 and schema.org. What is not here is unknown: who wants another term looks it up there first.
/// </summary>
internal static class KnownTerms
{
    public static readonly IReadOnlyDictionary<string, string> Prefixes = new Dictionary<string, string>
    {
        ["dpv"] = "https://w3id.org/dpv#",
        ["pd"] = "https://w3id.org/dpv/pd#",
        ["loc"] = "https://w3id.org/dpv/loc#",
        ["dct"] = "http://purl.org/dc/terms/",
        ["dcat"] = "http://www.w3.org/ns/dcat#",
        ["skos"] = "http://www.w3.org/2004/02/skos/core#",
        ["rdf"] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
        ["schema"] = "https://schema.org/",
        ["fleet"] = "https://fleet.example/vocabulary#",
    };

    private static readonly Term[] All =
    [
        Property("dpv:hasConsentControl", "dpv:ConsentControl"), Property("dpv:hasConsentStatus", "dpv:ConsentStatus"), Property("dpv:hasData", "dpv:Data"),
        Property("dpv:hasDataController", "dpv:DataController"), Property("dpv:hasDataProcessor", "dpv:DataProcessor"), Property("dpv:hasDataSource", "dpv:DataSource"),
        Property("dpv:hasDataSubject", "dpv:DataSubject"), Property("dpv:hasDuration", "dpv:Duration"), Property("dpv:hasEntity", "dpv:Entity"), Property("dpv:hasIdentifier"),
        Property("dpv:hasIndicationMethod"), Property("dpv:hasJurisdiction", "dpv:Location"), Property("dpv:hasJustification", "dpv:Justification"), Property("dpv:hasLegalBasis", "dpv:LegalBasis"),
        Property("dpv:hasLocation", "dpv:Location"), Property("dpv:hasNotice", "dpv:Notice"), Property("dpv:hasPersonalData", "dpv:PersonalData"), Property("dpv:hasProcess", "dpv:Process"),
        Property("dpv:hasProcessing", "dpv:Processing"), Property("dpv:hasPurpose", "dpv:Purpose"), Property("dpv:hasRecipientThirdParty", "dpv:ThirdParty"),
        Property("dpv:hasRecordOfActivity", "dpv:RecordsOfActivities"), Property("dpv:hasRight", "dpv:Right"), Property("dpv:hasService", "dpv:Service"),
        Property("dpv:hasStorageCondition", "dpv:StorageCondition"), Property("dpv:isImplementedUsingTechnology", "dpv:Technology"), Property("dpv:isIndicatedAtTime"),
        Property("dpv:isIndicatedBy", "dpv:Entity"),
        Property("dpv:isExercisedAt"),                                                          // of a dpv:RightExerciseNotice, or an address, as the guide has it

        Class("dpv:ConsentReceipt", "dpv:ConsentRecord"), Class("dpv:ConsentRecord", "dpv:DataProcessingRecord"), Class("dpv:DataProcessingRecord", "dpv:RecordsOfActivities"),
        Class("dpv:ConsentNotice", "dpv:PrivacyNotice"), Class("dpv:PrivacyNotice", "dpv:Notice"), Class("dpv:Process"), Class("dpv:Service", "dpv:Process"), Class("dpv:Purpose"),
        Class("dpv:ServiceManagement", "dpv:Purpose"), Class("dpv:PaymentManagement", "dpv:ServiceManagement"),
        Class("dpv:Processing"), Class("dpv:Obtain", "dpv:Processing"), Class("dpv:Collect", "dpv:Obtain"), Class("dpv:Store", "dpv:Processing"), Class("dpv:Use", "dpv:Processing"),
        Class("dpv:Analyse", "dpv:Use"), Class("dpv:Access", "dpv:Use"), Class("dpv:Consult", "dpv:Use"), Class("dpv:Monitor", "dpv:Consult"), Class("dpv:Transform", "dpv:Processing"), Class("dpv:Alter", "dpv:Transform"),
        Class("dpv:LegalBasis"), Class("dpv:Consent", "dpv:LegalBasis"), Class("dpv:InformedConsent", "dpv:Consent"), Class("dpv:ExpressedConsent", "dpv:InformedConsent"),
        Class("dpv:ExplicitlyExpressedConsent", "dpv:ExpressedConsent"),
        Class("dpv:ConsentStatus"), Class("dpv:ConsentStatusValidForProcessing", "dpv:ConsentStatus"), Class("dpv:ConsentStatusInvalidForProcessing", "dpv:ConsentStatus"),
        Class("dpv:ConsentGiven", "dpv:ConsentStatusValidForProcessing"), Class("dpv:ConsentWithdrawn", "dpv:ConsentStatusInvalidForProcessing"), Class("dpv:ConsentRevoked", "dpv:ConsentStatusInvalidForProcessing"),
        Class("dpv:ConsentControl"), Class("dpv:WithdrawConsent", "dpv:ConsentControl"), Class("dpv:Justification"), Class("dpv:Right"), Class("dpv:DataSubjectRight", "dpv:Right"),
        Class("dpv:Data"), Class("dpv:PersonalData", "dpv:Data"), Class("dpv:IdentifyingPersonalData", "dpv:PersonalData"), Class("dpv:NonPersonalData", "dpv:Data"),
        Class("dpv:DataSource"), Class("dpv:Technology"), Class("dpv:Duration"), Class("dpv:UntilEventDuration", "dpv:Duration"),
        Class("dpv:StorageCondition"), Class("dpv:StorageLocation", "dpv:StorageCondition"), Class("dpv:StorageDuration", "dpv:StorageCondition"),
        Class("dpv:Entity"), Class("dpv:LegalEntity", "dpv:Entity"), Class("dpv:HumanSubject", "dpv:LegalEntity"), Class("dpv:DataSubject", "dpv:HumanSubject"), Class("dpv:DataController", "dpv:LegalEntity"),
        Class("dpv:Recipient", "dpv:LegalEntity"), Class("dpv:DataProcessor", "dpv:Recipient"), Class("dpv:ThirdParty", "dpv:LegalEntity"), Class("dpv:Location"), Class("dpv:Jurisdiction", "dpv:Location"), Class("dpv:Country", "dpv:Jurisdiction"),

        Class("pd:Location", "dpv:PersonalData"), Class("pd:DeviceBased", "dpv:PersonalData"), Class("pd:IPAddress", "pd:DeviceBased"), Class("pd:MACAddress", "pd:DeviceBased"),
        Class("loc:AT", "dpv:Country"), Class("loc:AU", "dpv:Country"), Class("loc:DE", "dpv:Country"), Class("loc:GB", "dpv:Country"), Class("loc:US", "dpv:Country"),

        Property("dct:conformsTo"), Property("dct:created", "text"), Property("dct:description"), Property("dct:identifier", "text"), Property("dct:isVersionOf"), Property("dct:language"),
        Property("dct:title", "text"), Property("dcat:version", "text"), Property("skos:broader"), Property("rdf:value"), Property("schema:url"),

        // Fleet's own: properties, how a consent is given, the schemas of receipts; what a consent can be about is in ConsentWords.
        Property("fleet:sha256", "text"), Property("fleet:evidence", "text"),
        Class("fleet:portal"), Class("fleet:api"), Class("fleet:paper"), Class("fleet:agent-page"), Class("fleet:moved"), Class("fleet:edge-agent"), Class("fleet:consent-receipt-2"), Class("fleet:consent-record-2"),
        .. Contracts.Consent.V1.ConsentWords.Purposes.Concat(Contracts.Consent.V1.ConsentWords.Features).Concat(Contracts.Consent.V1.ConsentWords.FieldGroups).Select(word => Class($"fleet:{word}")),
    ];

    private static readonly Dictionary<string, Term> ByName = All.ToDictionary(term => term.Name, StringComparer.Ordinal);

    public static Term? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether a class is another one, directly or over others.</summary>
    public static bool Is(string name, string wanted) => name == wanted || (Find(name) is { IsProperty: false } found && found.Fits.Any(broader => Is(broader, wanted)));

    private static Term Property(string name, params string[] values) => new(name, IsProperty: true, values);

    private static Term Class(string name, params string[] broader) => new(name, IsProperty: false, broader);
}
