namespace Fleet.Snmp;

/// <summary>How asking ended. What had arrived by then is kept in every case. The SNMPv3 cases are report PDUs (RFC 3414 §5) in plain words.</summary>
public enum SnmpOutcome
{
    /// <summary>The device answered everything that was asked.</summary>
    Answered,

    /// <summary>It stopped answering, or never did.</summary>
    TimedOut,

    /// <summary>The packet could not leave: no route, or forbidden here.</summary>
    Unreachable,

    /// <summary>It answered with an error that asking less did not cure.</summary>
    Refused,

    /// <summary>It named objects out of order: going on would go round in circles.</summary>
    Looped,

    /// <summary>It kept on naming objects beyond <see cref="SnmpClientOptions.MaxCells"/>.</summary>
    LimitReached,

    /// <summary>SNMPv3: it knows no user of this security name.</summary>
    UnknownUser,

    /// <summary>SNMPv3: the message does not verify there: wrong authentication passphrase or protocol.</summary>
    WrongDigest,

    /// <summary>SNMPv3: it could not decrypt: wrong privacy passphrase or protocol.</summary>
    DecryptionError,

    /// <summary>SNMPv3: the user is known but not at this level, as one without a privacy key.</summary>
    UnsupportedSecurityLevel,

    /// <summary>SNMPv3: its clock and ours did not come together, though asked again after taking over its time.</summary>
    NotInTimeWindow,

    /// <summary>SNMPv3: it keeps on naming another engine, or none.</summary>
    UnknownEngine,

    /// <summary>SNMPv3: it has no such context.</summary>
    UnknownContext
}

/// <summary>What came of a question.</summary>
/// <param name="VarBinds">After a Get: every name asked, in that order, <see cref="SnmpValue.IsMissing"/> where there is no value.</param>
public sealed record SnmpReply(SnmpOutcome Outcome, IReadOnlyList<VarBind> VarBinds, SnmpErrorStatus Error = SnmpErrorStatus.NoError);
