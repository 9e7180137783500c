using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Granting;

/// <summary>A grant whose signature held: what may be asked, and until when.</summary>
public sealed record Grant(string Id, FieldGroups Allowed, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Every field group this version knows, one by one.</summary>
    public static IReadOnlyList<FieldGroups> Groups { get; } = [.. Enum.GetValues<FieldGroups>().Where(group => group is not (FieldGroups.None or FieldGroups.All))];

    /// <summary>Which of the tenant's consents it comes from; 0 when its id does not say.</summary>
    public long Version { get; } = long.TryParse(Id.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>Cancelled when the site takes away something this grant still opens; see <see cref="Withhold"/>.</summary>
    public CancellationToken Narrowed { get; init; }

    /// <summary>Cancelled when the customer takes away something this grant still opens; see <see cref="KeepGrant"/>.</summary>
    public CancellationToken Withdrawn { get; init; }

    /// <summary>Who asks under it stops, and begins anew with what is left.</summary>
    public bool IsOvertaken => Narrowed.IsCancellationRequested || Withdrawn.IsCancellationRequested;

    /// <summary>Nothing outside its time.</summary>
    public FieldGroups At(DateTimeOffset now) => From <= now && now < Until ? Allowed : FieldGroups.None;

    // Words this version does not know open nothing.
    public static Grant Of(EdgeGrant signed, TimeSpan skew) => new(
        signed.Id,
        signed.FieldGroups.Aggregate(FieldGroups.None, (groups, word) => groups | GroupOf(word)),
        DateTimeOffset.FromUnixTimeSeconds(signed.IssuedAt) - skew,
        DateTimeOffset.FromUnixTimeSeconds(signed.ExpiresAt));

    /// <summary>The words of DESIGN.md §4 for a set: <c>identity, counters</c>, or <c>nothing</c>.</summary>
    public static string Words(FieldGroups groups) => groups == FieldGroups.None
        ? "nothing"
        : string.Join(", ", Groups.Where(group => groups.HasFlag(group)).Select(WordOf));

    public static FieldGroups GroupOf(string word) => Groups.FirstOrDefault(group => WordOf(group) == word);

    public static string WordOf(FieldGroups group) => JsonNamingPolicy.KebabCaseLower.ConvertName(group.ToString());
}
