namespace Fleet.Snmp.V3;

/// <summary>What an engine says it cannot do: counters whose names are the message (RFC 3412 §7.1, RFC 3414 §5, RFC 3413 §5).</summary>
internal static class Reports
{
    private static readonly Oid UsmStats = Oid.Parse("1.3.6.1.6.3.15.1.1"), MpdStats = Oid.Parse("1.3.6.1.6.3.11.2.1"), TargetContexts = Oid.Parse("1.3.6.1.6.3.12.1");

    public static readonly Oid UnsupportedSecLevels = UsmStats.Append(1, 0), NotInTimeWindows = UsmStats.Append(2, 0), UnknownUserNames = UsmStats.Append(3, 0),
        UnknownEngineIds = UsmStats.Append(4, 0), WrongDigests = UsmStats.Append(5, 0), DecryptionErrors = UsmStats.Append(6, 0);

    private static readonly Dictionary<Oid, SnmpOutcome> Meanings = new()
    {
        [UnsupportedSecLevels] = SnmpOutcome.UnsupportedSecurityLevel,
        [NotInTimeWindows] = SnmpOutcome.NotInTimeWindow,
        [UnknownUserNames] = SnmpOutcome.UnknownUser,
        [UnknownEngineIds] = SnmpOutcome.UnknownEngine,
        [WrongDigests] = SnmpOutcome.WrongDigest,
        [DecryptionErrors] = SnmpOutcome.DecryptionError,
        [MpdStats.Append(1, 0)] = SnmpOutcome.Refused,              // snmpUnknownSecurityModels
        [MpdStats.Append(2, 0)] = SnmpOutcome.Refused,              // snmpInvalidMsgs
        [MpdStats.Append(3, 0)] = SnmpOutcome.UnknownContext,       // snmpUnknownPDUHandlers: nobody answers for that contextEngineID
        [TargetContexts.Append(4, 0)] = SnmpOutcome.UnknownContext, // snmpUnavailableContexts
        [TargetContexts.Append(5, 0)] = SnmpOutcome.UnknownContext  // snmpUnknownContexts
    };

    /// <summary>The same for the metrics of who sends such a report.</summary>
    public static string Reason(Oid counter) => Meanings[counter] switch
    {
        SnmpOutcome.UnsupportedSecurityLevel => "unsupported-level",
        SnmpOutcome.NotInTimeWindow => "not-in-time-window",
        SnmpOutcome.UnknownUser => "unknown-user",
        SnmpOutcome.UnknownEngine => "unknown-engine",
        SnmpOutcome.WrongDigest => "wrong-digest",
        SnmpOutcome.DecryptionError => "decryption-error",
        var other => $"{other}"
    };

    /// <summary><see cref="SnmpOutcome.Refused"/> where the report says something no RFC names, or nothing.</summary>
    public static SnmpOutcome Meaning(SnmpPdu report)
    {
        foreach (var (name, _) in report.VarBinds) if (Meanings.TryGetValue(name, out var meaning)) return meaning;
        return SnmpOutcome.Refused;
    }
}
