using Fleet.Snmp;

namespace Fleet.Printers;

// device -> who are you (one Get) -> profile -> one Get + columns in as few GetBulk as it takes -> PrinterReading
/// <summary>Reads one printer. Asks only objects of allowed groups; waits for nothing but the device; invents nothing.</summary>
public sealed class Probe(SnmpClient client, Profiles profiles)
{
    /// <summary>Always gives a reading; <see cref="PrinterReading.Outcome"/> says how far it got. Only cancellation throws.</summary>
    public async Task<PrinterReading> ReadAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel = default)
    {
        var first = await client.GetAsync(target, Questions.First(allowed), cancel);
        var known = first.VarBinds.ToDictionary(answer => answer.Name, answer => answer.Value);
        var answers = new Answers(first.Outcome, known, SnmpTable.Empty);
        if (first.Outcome.IsClosed) return Fold(answers, profiles.Generic, allowed);

        var profile = profiles.Choose(answers) ?? await ByWitnessAsync(target, allowed, cancel) ?? profiles.Generic;
        var questions = Questions.For(profile, allowed);
        var scalars = client.GetAsync(target, questions.Scalars, cancel);
        var table = await TableAsync(target, profile, questions.Columns, cancel);
        var rest = await scalars;
        foreach (var answer in rest.VarBinds) known[answer.Name] = answer.Value;
        answers = answers with { Outcome = Worst(first.Outcome, rest.Outcome, table.Outcome), Table = table };
        if (NeedsCharset(answers)) answers = answers with { Charset = await CharsetAsync(target, cancel) };
        return Fold(answers, profile, allowed);
    }

    internal static PrinterReading Fold(Answers answers, Profile profile, FieldGroups allowed)
    {
        var identity = allowed.HasFlag(FieldGroups.Identity);
        return new(
            answers.Outcome,
            profile.Id,
            IsPrinter: profile.Manufacturer is not null || answers.HasPrinterTables,
            SysObjectId: answers[PrinterMib.SysObjectId].AsOid is { IsEmpty: false } id ? id.ToString() : null,
            Manufacturer: identity ? ReadIdentity.Manufacturer(answers, profile) : null,
            Model: identity ? ReadIdentity.First(profile.Model, answers) : null,
            Serial: identity ? ReadIdentity.First(profile.Serial, answers) : null,
            Firmware: allowed.HasFlag(FieldGroups.Firmware) ? ReadIdentity.First(profile.Firmware, answers) : null,
            Mac: ReadMac.From(answers),
            Name: answers.Text(PrinterMib.SysName),
            Location: answers.Text(PrinterMib.SysLocation),
            Status: ReadStatus.Status(answers))
        {
            Counters = ReadCounters.From(answers, profile),
            Supplies = ReadSupplies.From(answers, profile),
            Alerts = ReadStatus.Alerts(answers),
            Trays = ReadStatus.Trays(answers),
            Covers = ReadStatus.Covers(answers)
        };
    }

    private async Task<Profile?> ByWitnessAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel)
    {
        if (!allowed.HasFlag(FieldGroups.Counters)) return null;     // the witnesses are counters
        return profiles.ChooseByWitness((await client.GetAsync(target, profiles.Witnesses, cancel)).VarBinds);
    }

    private async Task<SnmpTable> TableAsync(SnmpTarget target, Profile profile, IReadOnlyList<Oid> columns, CancellationToken cancel)
    {
        var table = await client.TableAsync(target, columns, cancel);
        if (profile.TableCommunitySuffix is not { } suffix || table.Outcome is not SnmpOutcome.Answered || table.Rows([.. columns]).Any()) return table;
        return target.WithCommunitySuffix(suffix) is { } other ? await client.TableAsync(other, columns, cancel) : table;
    }

    // Most texts are UTF-8 or plain ASCII; only a device with others is asked which character set it speaks.
    private static bool NeedsCharset(Answers answers) =>
        answers.Outcome is SnmpOutcome.Answered
        && new[] { PrinterMib.SuppliesDescription, PrinterMib.AlertDescription, PrinterMib.InputName, PrinterMib.CoverDescription }
            .Any(column => answers.Table.Column(column).Values.Any(text => !DeviceText.IsUtf8(text)));

    private async Task<int?> CharsetAsync(SnmpTarget target, CancellationToken cancel)
    {
        var table = await client.TableAsync(target, [PrinterMib.GeneralCurrentLocalization, PrinterMib.LocalizationCharacterSet], cancel);
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
