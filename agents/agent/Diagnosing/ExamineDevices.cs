using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Granting;
using Fleet.Agent.Keeping;
using Fleet.Agent.Polling;
using Fleet.Agent.Transcribing;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Diagnosing;

/// <summary>
/// The way in: one question to each device named in the configuration, under the grant and into the transcript like any other. Beside a running agent, which holds the transcript, no device is asked: it says itself which are silent.
/// </summary>
internal sealed class ExamineDevices(AgentConfig config, ExamineRunning? running, Surroundings around)
{
    private const int Named = 5;

    private static readonly Oid SysObjectId = Oid.Parse("1.3.6.1.2.1.1.2.0");     // SNMPv2-MIB; every agent has it

    public async Task<IReadOnlyList<Finding>> RunAsync(Grant? grant, CancellationToken stop)
    {
        try
        {
            using var held = StateDirectory.Open(config.StateDir);
            var state = new Finding("state", $"{config.StateDir} can be written");
            if (config.Targets is null or []) return [state, new("snmp", config.Ranges is null or [] ? "no device is named in the configuration" : "devices come from ranges; fleet-agent probe ADDRESS asks one")];
            grant = grant is null ? null : Withhold.Load(config.StateDir, around.Clock, around.Log).Mask(grant);
            if (grant is null || !grant.At(around.Clock.GetUtcNow()).HasFlag(FieldGroups.Identity)) return [state, new("snmp", "no device is asked: no grant opens identity, or it is switched off at this site")];
            return [state, await AskAsync(config.Targets, grant, stop)];
        }
        catch (StateException held) when (held.IsHeld)
        {
            return running is not null
                ? [running.State, running.Devices]
                : [new("state", $"{held.Message}, which does not say how it is; no device is asked here", "if fleet-agent enrol waits there, have its code approved; else look at the agent's log, and if it hangs or is of an older version start it anew")];
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or StateException)
        {
            return [new("state", $"{config.StateDir}: {unwritable.Message}", "let the agent's user write there, and make room")];
        }
    }

    private async Task<Finding> AskAsync(IReadOnlyList<TargetConfig> targets, Grant grant, CancellationToken stop)
    {
        using var transcript = AgentRun.OpenTranscript(config, around);
        var record = new RecordAsked(transcript, () => grant.Id, around.Clock, around.Log);
        using var snmp = new SnmpClient(new(Asked: record.Note), around.Clock, around.FreshRandom());
        var answers = await Task.WhenAll(targets.Select(async target => (target.Address, (await snmp.GetAsync(Target.Of(target, []).Snmp, [SysObjectId], stop)).Outcome)));
        record.Write();
        var silent = answers.Where(answer => answer.Outcome is not SnmpOutcome.Answered).ToList();
        var what = string.Create(CultureInfo.InvariantCulture, $"{answers.Length - silent.Count} of {answers.Length} devices answer");
        return silent.Count == 0
            ? new("snmp", what)
            : new("snmp", $"{what}; {string.Join(", ", silent.Take(Named).Select(one => $"{one.Address} {one.Outcome.InWords}"))}{(silent.Count > Named ? ", …" : "")}", Fixes.Silent);
    }
}
