using System.Collections.Concurrent;
using System.Net;
using Fleet.Snmp;

namespace Fleet.Printers;

// device -> who are you (one Get) -> profile -> one Get + columns in as few GetBulk as it takes -> PrinterReading
/// <summary>Reads printers. Asks only objects of allowed groups; waits for nothing but the device; invents nothing.</summary>
/// <remarks>Remembers which profile a device was read with, so that the next reading asks who it is and what that profile wants in one packet.</remarks>
public sealed class Probe(SnmpClient client, Profiles profiles)
{
    /// <summary>For clients that ask printers: wide enough for the standard's 32 columns and a vendor's tables in one packet.</summary>
    public static readonly SnmpClientOptions Asking = new(VarBindsPerGet: 40);

    private readonly ConcurrentDictionary<IPEndPoint, Profile> met = new();

    /// <summary>Always gives a reading; <see cref="PrinterReading.Outcome"/> says how far it got. Only cancellation throws.</summary>
    public async Task<PrinterReading> ReadAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel = default)
    {
        var told = await Interview.AskAsync(new QuestionedDevice(client, target, cancel), profiles, allowed, met.GetValueOrDefault(target.EndPoint));
        if (!told.Answers.Outcome.IsClosed) met[target.EndPoint] = told.Profile;
        return Fold(told.Answers, told.Profile, allowed);
    }

    /// <summary>The same, and where each value comes from.</summary>
    public async Task<Explained> ExplainAsync(SnmpTarget target, FieldGroups allowed, CancellationToken cancel = default) =>
        Explain.Of(await Interview.AskAsync(new QuestionedDevice(client, target, cancel), profiles, allowed), profiles, allowed);

    /// <summary>What a capture of a device says, without any network.</summary>
    public static async Task<Explained> ExplainAsync(Capture capture, Profiles profiles, FieldGroups allowed = FieldGroups.All) =>
        Explain.Of(await Interview.AskAsync(capture, profiles, allowed), profiles, allowed);

    internal static PrinterReading Fold(Answers answers, Profile profile, FieldGroups allowed)
    {
        var identity = allowed.HasFlag(FieldGroups.Identity);
        return new(
            answers.Outcome,
            profile.Id,
            IsPrinter: profile.Manufacturer is not null || answers.HasPrinterTables,
            SysObjectId: answers[PrinterMib.SysObjectId].AsOid is { IsEmpty: false } id ? id.ToString() : null,
            Manufacturer: identity ? ReadIdentity.Manufacturer(answers, profile)?.Text : null,
            Model: identity ? ReadIdentity.First(profile.Model, answers)?.Text : null,
            Serial: identity ? ReadIdentity.First(profile.Serial, answers)?.Text : null,
            Firmware: allowed.HasFlag(FieldGroups.Firmware) ? ReadIdentity.First(profile.Firmware, answers)?.Text : null,
            Mac: ReadMac.From(answers)?.Mac,
            Name: answers.Text(PrinterMib.SysName),
            Location: answers.Text(PrinterMib.SysLocation),
            Status: ReadStatus.Status(answers))
        {
            Counters = [.. ReadCounters.From(answers, profile).Select(told => told.Counter)],
            Supplies = [.. ReadSupplies.From(answers, profile).Select(told => told.Supply)],
            Alerts = ReadStatus.Alerts(answers),
            Trays = ReadStatus.Trays(answers),
            Covers = ReadStatus.Covers(answers)
        };
    }
}
