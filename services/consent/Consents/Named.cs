using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;

namespace Fleet.Consent.Consents;

/// <summary>The names a request is about, each of a known word, none twice.</summary>
public sealed record Named(IReadOnlyList<string> Purposes, IReadOnlyList<string> Features, IReadOnlyList<string> FieldGroups)
{
    public bool IsNothing => Purposes.Count + Features.Count + FieldGroups.Count == 0;

    public static (Named Names, Refusal? Refusal) Read(
        IReadOnlyList<string>? purposes, IReadOnlyList<string>? features, IReadOnlyList<string>? fieldGroups)
    {
        var names = new Named([.. (purposes ?? []).Distinct()], [.. (features ?? []).Distinct()], [.. (fieldGroups ?? []).Distinct()]);
        return (names, names.IsNothing
            ? Refusal.Invalid("nothing-named", "The request names no purpose, feature or field group.")
            : Unknown("purpose", names.Purposes, ConsentWords.Purposes)
              ?? Unknown("feature", names.Features, ConsentWords.Features)
              ?? Unknown("field-group", names.FieldGroups, ConsentWords.FieldGroups));
    }

    /// <summary>Only the names of each kind for which the test holds.</summary>
    public Named Where(TenantConsent consent, Func<IReadOnlyList<Span>, string, bool> holds) => new(
        [.. Purposes.Where(name => holds(consent.Purposes, name))],
        [.. Features.Where(name => holds(consent.Features, name))],
        [.. FieldGroups.Where(name => holds(consent.FieldGroups, name))]);

    public override string ToString() => string.Join(", ", Purposes.Concat(Features).Concat(FieldGroups));

    private static Refusal? Unknown(string kind, IReadOnlyList<string> names, IReadOnlyList<string> known) =>
        names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? Refusal.Invalid($"unknown-{kind}", $"'{unknown}' is not a {kind.Replace('-', ' ')}. Known are: {string.Join(", ", known)}.")
            : null;
}
