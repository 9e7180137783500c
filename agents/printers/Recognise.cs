using Fleet.Snmp;

namespace Fleet.Printers;

// address -> one small Get -> (silent | printer | scanner, switch, …); who answers without saying what it is: one GetNext, then the vendors' witnesses
/// <summary>Finds out whether a printer stands at an address, in one packet for most and at most three for what answers and does not say.</summary>
public sealed class Recognise(SnmpClient client, Profiles profiles)
{
    /// <summary>Silence and refusals are outcomes; only cancellation throws.</summary>
    public async Task<Sighting> AskAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel = default)
    {
        var names = Questions.Sighting(allowed);
        if (names.Length == 0) return new(SnmpOutcome.Answered, null);
        var first = await client.GetAsync(target, names, cancel);
        if (first.Outcome.IsClosed) return new(first.Outcome, null);

        var answers = new Answers(first.Outcome, first.VarBinds.ToDictionary(answer => answer.Name, answer => answer.Value), SnmpTable.Empty);
        return new(first.Outcome, TellKind.FromFirst(answers, profiles, KindRules.BuiltIn) ?? await FromFurtherAsync(target, allowed, cancel));
    }

    private async Task<DeviceKind> FromFurtherAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel)
    {
        var following = await client.GetNextAsync(target, Questions.Further(allowed), cancel);
        if (TellKind.FromColumns(following.VarBinds) is { } told) return told;
        if (allowed.HasFlag(FieldGroups.Counters) && profiles.ChooseByWitness((await client.GetAsync(target, profiles.Witnesses, cancel)).VarBinds.ToDictionary(answer => answer.Name, answer => answer.Value)) is not null) return DeviceKind.Printer;
        return TellKind.FromServices(following.VarBinds);
    }
}
