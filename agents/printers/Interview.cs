using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Everything a device told, and the profile that reads it.</summary>
internal sealed record Told(Answers Answers, Profile Profile);

// who are you? -> profile -> its scalars and columns -> what only some need: a vendor's supply tables, the character set -> Told
/// <summary>What is asked when. No object is asked twice, none that is not allowed.</summary>
internal static class Interview
{
    /// <param name="met">The profile of the last time: if it still fits, the first question has already asked for all its scalars.</param>
    public static async Task<Told> AskAsync(IQuestioned device, Profiles profiles, FieldGroups allowed, Profile? met = null)
    {
        var names = Questions.First(allowed).Union(met is null ? [] : Questions.For(met, allowed).Scalars).ToList();
        var first = await device.GetAsync(names);
        var known = first.VarBinds.ToDictionary(answer => answer.Name, answer => answer.Value);
        var answers = new Answers(first.Outcome, known, SnmpTable.Empty);
        if (first.Outcome.IsClosed) return new(answers, profiles.Generic);

        var profile = profiles.Choose(answers) ?? await ByWitnessAsync(device, profiles, allowed, known, met) ?? profiles.Generic;
        var questions = Questions.For(profile, allowed);
        var scalars = device.GetAsync([.. questions.Scalars.Where(name => !known.ContainsKey(name))]);
        var table = await TableAsync(device, profile, questions.Columns);
        var rest = await scalars;
        foreach (var answer in rest.VarBinds) known[answer.Name] = answer.Value;
        answers = answers with { Outcome = Worst(first.Outcome, rest.Outcome, table.Outcome), Table = table };

        if (Questions.Fallback(profile, allowed) is { Count: > 0 } columns && answers.Outcome is SnmpOutcome.Answered && !ReadSupplies.Rows(answers).Any())
        {
            var vendor = await device.TableAsync(columns);
            answers = answers with { Outcome = Worst(answers.Outcome, vendor.Outcome), VendorTable = vendor };
        }
        return new(NeedsCharset(answers) ? answers with { Charset = profile.Charset ?? await CharsetAsync(device) } : answers, profile);
    }

    private static async Task<Profile?> ByWitnessAsync(IQuestioned device, Profiles profiles, FieldGroups allowed, Dictionary<Oid, SnmpValue> known, Profile? met)
    {
        // The witnesses are counters. Where they are not asked this time, the device is still who it was: half its readings under another name would make it two.
        if (!allowed.HasFlag(FieldGroups.Counters)) return met;
        if (profiles.ChooseByWitness(known) is { } again) return again;
        var answers = (await device.GetAsync([.. profiles.Witnesses.Where(name => !known.ContainsKey(name))])).VarBinds;
        foreach (var answer in answers) known[answer.Name] = answer.Value;
        return profiles.ChooseByWitness(known);
    }

    private static async Task<SnmpTable> TableAsync(IQuestioned device, Profile profile, IReadOnlyList<Oid> columns)
    {
        var table = await device.TableAsync(columns);
        if (profile.TableCommunitySuffix is not { } suffix || table.Outcome is not SnmpOutcome.Answered || table.Rows([.. columns]).Any()) return table;
        return device.WithCommunitySuffix(suffix) is { } other ? await other.TableAsync(columns) : table;
    }

    // Most texts are UTF-8 or plain ASCII; only a device with others is asked which character set it speaks.
    private static bool NeedsCharset(Answers answers) =>
        answers.Outcome is SnmpOutcome.Answered
        && new[] { PrinterMib.SuppliesDescription, PrinterMib.AlertDescription, PrinterMib.InputName, PrinterMib.CoverDescription }
            .Any(column => answers.Table.Column(column).Values.Any(text => !DeviceText.IsUtf8(text)));

    private static async Task<int?> CharsetAsync(IQuestioned device)
    {
        var table = await device.TableAsync([PrinterMib.GeneralCurrentLocalization, PrinterMib.LocalizationCharacterSet]);
        var current = table.Column(PrinterMib.GeneralCurrentLocalization)
            .Where(row => row.Value.TryGetInt64(out var number) && number is > 0 and <= uint.MaxValue)
            .Select(row => row.Key.Append((uint)(row.Value.TryGetInt64(out var number) ? number : 0))).FirstOrDefault();
        var charset = table[PrinterMib.LocalizationCharacterSet, current];
        if (charset.IsMissing) charset = table.Column(PrinterMib.LocalizationCharacterSet).Values.FirstOrDefault();
        return charset.TryGetInt64(out var mib) && mib is > 0 and < int.MaxValue ? (int)mib : null;
    }

    private static SnmpOutcome Worst(params ReadOnlySpan<SnmpOutcome> outcomes)
    {
        // A refused or looping object is a gap; silence is a broken reading, so it is named first.
        var worst = SnmpOutcome.Answered;
        foreach (var outcome in outcomes)
            if (worst is SnmpOutcome.Answered || outcome is SnmpOutcome.TimedOut) worst = outcome is SnmpOutcome.Answered ? worst : outcome;
        return worst;
    }
}
