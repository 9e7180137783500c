namespace Fleet.Snmp;

/// <summary>How asking ended. What had arrived by then is kept in every case.</summary>
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
    LimitReached
}

/// <summary>What came of a question.</summary>
/// <param name="VarBinds">After a Get: every name asked, in that order, <see cref="SnmpValue.IsMissing"/> where there is no value.</param>
public sealed record SnmpReply(SnmpOutcome Outcome, IReadOnlyList<VarBind> VarBinds, SnmpErrorStatus Error = SnmpErrorStatus.NoError);
