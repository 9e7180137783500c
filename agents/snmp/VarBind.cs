namespace Fleet.Snmp;

/// <summary>A name and its value (RFC 3416 §3).</summary>
public readonly record struct VarBind(Oid Name, SnmpValue Value)
{
    /// <summary>A name as a request carries it, without a value.</summary>
    public static VarBind Asked(Oid name) => new(name, SnmpValue.Null);
}
