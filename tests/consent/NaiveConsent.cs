namespace Fleet.Consent.Tests;

/// <summary>What was said, in order, and nothing derived: a time is covered by a grant given before it that no later-said withdrawal ended before it.</summary>
internal sealed class NaiveConsent
{
    private readonly List<(bool Grants, string Name, int At)> _said = [];

    public bool Grant(IReadOnlyList<string> names, int given)
    {
        if (names.Any(name => _said.Any(s => !s.Grants && s.Name == name && s.At > given)))
            return false;
        _said.AddRange(names.Select(name => (true, name, given)));
        return true;
    }

    public bool Withdraw(IReadOnlyList<string> names, int at)
    {
        _said.AddRange(names.Where(Stands).Select(name => (false, name, at)));
        return true;
    }

    public bool Covers(string name, int at) => _said.Index().Any(said =>
        said.Item is { Grants: true } grant && grant.Name == name && grant.At <= at
        && !_said.Skip(said.Index).Any(later => !later.Grants && later.Name == name && later.At <= at));

    private bool Stands(string name) => _said.LastOrDefault(said => said.Name == name) is { Grants: true };
}
