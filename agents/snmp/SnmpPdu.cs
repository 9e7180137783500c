namespace Fleet.Snmp;

/// <summary>
/// One operation, the same under every SNMP version: a community message carries it bare, a version 3 message inside its scoped PDU.
/// </summary>
/// <param name="RequestId">Echoed by the answer.</param>
/// <param name="Status">error-status; non-repeaters in a GetBulk.</param>
/// <param name="Index">error-index, 1-based, 0 for none; max-repetitions in a GetBulk.</param>
public sealed record SnmpPdu(PduType Type, int RequestId, int Status, int Index, IReadOnlyList<VarBind> VarBinds)
{
    public SnmpErrorStatus ErrorStatus => (SnmpErrorStatus)Status;
    public int ErrorIndex => Index;
    public int NonRepeaters => Status;
    public int MaxRepetitions => Index;

    public static SnmpPdu Get(int requestId, IReadOnlyList<VarBind> names) => new(PduType.Get, requestId, 0, 0, names);

    public static SnmpPdu GetNext(int requestId, IReadOnlyList<VarBind> names) => new(PduType.GetNext, requestId, 0, 0, names);

    public static SnmpPdu GetBulk(int requestId, int nonRepeaters, int maxRepetitions, IReadOnlyList<VarBind> names) =>
        new(PduType.GetBulk, requestId, nonRepeaters, maxRepetitions, names);

    public SnmpPdu Answer(IReadOnlyList<VarBind> values) => new(PduType.Response, RequestId, 0, 0, values);

    public SnmpPdu Refuse(SnmpErrorStatus status, int index) => new(PduType.Response, RequestId, (int)status, index, VarBinds);
}
