using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Device knowledge as data: <c>profiles/*.json</c>, described by <c>profiles/profile.schema.json</c>. Unknown members are refused.</summary>
/// <param name="Name">Stable for ever; readings carry it.</param>
/// <param name="Version">Grows with every change that changes a value.</param>
/// <param name="Source">Where the knowledge comes from.</param>
/// <param name="Manufacturer">Null in the generic profile.</param>
/// <param name="TableCommunitySuffix">Added to the community when the tables are empty under the plain one (<c>@Jetdirect</c>).</param>
/// <param name="Charset">IANA MIBenum of texts that are not UTF-8, where devices declare another than they use.</param>
public sealed record Profile(string Name, int Version, string Source, string? Manufacturer = null, string? TableCommunitySuffix = null, int? Charset = null)
{
    /// <summary>For editors only.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    // What a file leaves out arrives as null, not as left out: JSON read without reflection sets every init-only member.
    public IReadOnlyList<MatchRule> Match { get; init => field = value ?? []; } = [];

    /// <summary>Rebadges: other manufacturers' names under the same objects.</summary>
    public IReadOnlyList<BrandRule> Brands { get; init => field = value ?? []; } = [];
    public IReadOnlyList<TextRule> Model { get; init => field = value ?? []; } = [];
    public IReadOnlyList<TextRule> Serial { get; init => field = value ?? []; } = [];
    public IReadOnlyList<TextRule> Firmware { get; init => field = value ?? []; } = [];
    public IReadOnlyList<CounterRule> Counters { get; init => field = value ?? []; } = [];
    public IReadOnlyList<SupplyRule> Supplies { get; init => field = value ?? []; } = [];
    public IReadOnlyList<SupplyTableRule> SupplyTables { get; init => field = value ?? []; } = [];
    public IReadOnlyList<SupplyOverride> SupplyOverrides { get; init => field = value ?? []; } = [];
    public IReadOnlyList<SupplyNameRule> SupplyNames { get; init => field = value ?? []; } = [];

    public ProfileId Id => new(Name, Version);
}

/// <summary>A device is matched when all parts that are given hold.</summary>
/// <param name="SysObjectId">Prefix.</param>
/// <param name="Answers">An object only such devices have; asked when nothing else told who it is.</param>
public sealed record MatchRule(Oid? SysObjectId = null, Regex? SysDescr = null, Oid? Answers = null);

public sealed record BrandRule(Regex SysDescr, string Manufacturer);

/// <summary>Where a text stands: one of <see cref="Oid"/>, <see cref="Column"/> (its row of the printer, else the first), <see cref="Row"/> or <see cref="Of"/>.</summary>
/// <param name="Of"><c>sysDescr</c> or <c>hrDeviceDescr</c>.</param>
/// <param name="Pattern">Its first group is the text; without a match the next rule is tried.</param>
public sealed record TextRule(Oid? Oid = null, Oid? Column = null, RowTerm? Row = null, string? Of = null, Regex? Pattern = null, string? Source = null);

/// <param name="Unit">PrtMarkerCounterUnitTC name.</param>
public sealed record CounterRule(string Name, string Unit, Term From, string? Source = null);

/// <summary>A number a device tells: exactly one of the members.</summary>
/// <param name="Oid">A full name.</param>
/// <param name="Sum">All of them; one that the device says it has not counts nothing, one it did not answer makes the sum unknown.</param>
/// <param name="Difference">The first less the second; both must be there.</param>
public sealed record Term(
    Oid? Oid = null, RowTerm? Row = null, BlockTerm? Block = null, IReadOnlyList<Term>? Sum = null, IReadOnlyList<Term>? Difference = null);

/// <summary>The value of the one row whose key says one of the names: for tables that name or number their counters themselves.</summary>
/// <param name="Is">Text or number as text, upper and lower case alike.</param>
public sealed record RowTerm(Oid Key, IReadOnlyList<string> Is, Oid Value);

/// <summary>A record of a byte block: id, 01, length, big-endian value, …, ff.</summary>
/// <param name="Id">Two hex digits.</param>
/// <param name="Bytes">The length the value must have to mean this.</param>
public sealed record BlockTerm(Oid Oid, string Id, int? Bytes = null);

/// <summary>A supply that only the vendor's objects tell.</summary>
public sealed record SupplyRule(
    string Slot, string Description, string Type, string Class, string Unit, Term Level, long Capacity, string? Color = null, string? Source = null);

/// <summary>A vendor's own table of supplies, read only where the standard one has no row.</summary>
/// <param name="Slot">Before the row's index: <c>ricoh</c> makes <c>ricoh.1</c>.</param>
/// <param name="Name">Column of names; <paramref name="Description"/> where there is none.</param>
/// <param name="Level">Column of levels; negative ones are states as in RFC 3805.</param>
/// <param name="Capacity">Column of capacities; else <paramref name="Scale"/> is everyone's.</param>
public sealed record SupplyTableRule(
    string Slot, Oid Level, string Type, string Class, string Unit, Oid? Name = null, string? Description = null, Oid? Capacity = null, long? Scale = null, string? Source = null);

/// <summary>Where the name a device gives its supply holds the part number, or the serial number of the supply itself. Nothing more is asked for it.</summary>
/// <param name="Pattern">Groups <c>part</c> and <c>serial</c>; the first rule that matches counts.</param>
public sealed record SupplyNameRule(Regex Pattern, string? Source = null);

/// <summary>Where a device's own words about a supply are wrong.</summary>
/// <param name="Description">Which supplies: their description matches.</param>
/// <param name="Filled">The level of a receptacle says how full it is, not how much still fits: the percentage is turned round, the raw level kept.</param>
public sealed record SupplyOverride(Regex Description, string? Class = null, bool Filled = false, string? Source = null);
