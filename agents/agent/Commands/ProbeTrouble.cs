using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Commands;

/// <summary>Why there is no card, in words one can act on.</summary>
internal static class ProbeTrouble
{
    // Whoever speaks SNMPv3 tells his engine to anybody (RFC 3414 §4): so somebody is there, and it is the community that is wrong.
    private static readonly SnmpCredential Nobody = SnmpCredential.V3("fleet-probe");

    public static async Task<string> NoAnswerAsync(SnmpClient client, Target target, SnmpOutcome outcome, CancellationToken stop)
    {
        var place = $"{target.Address}, UDP port {target.Snmp.EndPoint.Port}, {target.Snmp.Credential}: {outcome.InWords}";
        if (outcome is SnmpOutcome.Unreachable) return $"{place}. This machine has no way to that address.";
        if (outcome is not SnmpOutcome.TimedOut) return $"{place}.";
        if (target.Snmp.Credential is SnmpCredential.Community
            && (await client.GetAsync(new(target.Snmp.EndPoint, Nobody, SnmpPatience.Sweep), [Oid.Parse("1.3.6.1.2.1.1.2.0")], stop)).Outcome is not (SnmpOutcome.TimedOut or SnmpOutcome.Unreachable))
            return $"{place}. It does answer SNMPv3, so SNMP is on: the community is another there, or communities are switched off (then --user).";
        return $"{place}. Is it on, and SNMP switched on in it? Does a firewall let UDP {target.Snmp.EndPoint.Port} through? "
            + (target.Snmp.Credential is SnmpCredential.Community ? "A wrong community is met with silence as well." : "A wrong privacy passphrase or context is met with silence as well.");
    }

    public static async Task<string> NoPrinterAsync(SnmpClient client, Target target, Profiles profiles, CancellationToken stop)
    {
        var kind = (await new Recognise(client, profiles).AskAsync(target.Snmp, FieldGroups.All, stop)).Kind;
        return $"{target.Address} answers SNMP and is no printer: " + kind switch
        {
            DeviceKind.Network => "it is a switch, a router or the like.",
            DeviceKind.Scanner => "it is a scanner.",
            DeviceKind.Ups => "it is a UPS.",
            DeviceKind.Computer => "it is a computer; printers connected to it are not seen through it.",
            _ => "it has no printer table (RFC 3805) and no vendor profile matches. If it is one, a profile for it can be added without a build: fleet-agent profile test --help"
        };
    }
}
