using Fleet.Simulator.Mib;
using Fleet.Snmp;

namespace Fleet.Simulator.Answering;

/// <summary>What an SNMP agent says to one request (RFC 1157 §4.1 for v1, RFC 3416 §4.2 for v2c). Pure.</summary>
public static class Answer
{
    /// <summary>Answers larger than this are cut (GetBulk) or refused (tooBig): what fits one ethernet frame.</summary>
    public const int MaxBytes = 1472;

    private const int MaxRepetitions = 100;

    /// <returns>The datagram to send back; null for what an agent leaves unanswered.</returns>
    public static byte[]? To(SnmpMessage request, MibView view, int maxVarBinds = int.MaxValue, int maxBytes = MaxBytes)
    {
        var pdu = (request.Version, request.Pdu.Type) switch
        {
            (_, PduType.Get) => Each(request, name => new VarBind(name, view.Get(name))),
            (_, PduType.GetNext) => Each(request, name => NextOrEnd(view, name)),
            (SnmpVersion.V2C, PduType.GetBulk) => Bulk(request.Pdu, view, maxVarBinds),
            (SnmpVersion.V1, PduType.Set) => request.Pdu.Refuse(SnmpErrorStatus.ReadOnly, 1),
            (SnmpVersion.V2C, PduType.Set) => request.Pdu.Refuse(SnmpErrorStatus.NotWritable, 1),
            _ => null
        };
        return pdu is null ? null : Fit(request, pdu, maxBytes);
    }

    private static SnmpPdu Each(SnmpMessage request, Func<Oid, VarBind> answer)
    {
        var values = request.Pdu.VarBinds.Select(asked => answer(asked.Name)).ToList();
        if (request.Version == SnmpVersion.V2C) return request.Pdu.Answer(values);
        // Version 1 knows no exceptions: one missing value fails the whole request and names its place.
        var missing = values.FindIndex(value => value.Value.IsMissing);
        return missing < 0 ? request.Pdu.Answer(values) : request.Pdu.Refuse(SnmpErrorStatus.NoSuchName, missing + 1);
    }

    private static VarBind NextOrEnd(MibView view, Oid name) => view.Next(name) ?? new VarBind(name, SnmpValue.EndOfMibView);

    private static SnmpPdu Bulk(SnmpPdu pdu, MibView view, int maxVarBinds)
    {
        var once = Math.Clamp(pdu.NonRepeaters, 0, pdu.VarBinds.Count);
        var values = pdu.VarBinds.Take(once).Select(asked => NextOrEnd(view, asked.Name)).ToList();
        var names = pdu.VarBinds.Skip(once).Select(asked => asked.Name).ToArray();
        for (var round = 0; round < Math.Clamp(pdu.MaxRepetitions, 0, MaxRepetitions) && values.Count < maxVarBinds && names.Length > 0; round++)
        {
            var row = names.Select(name => NextOrEnd(view, name)).ToList();
            values.AddRange(row);
            if (row.TrueForAll(value => value.Value.Type == SnmpType.EndOfMibView)) break;
            names = [.. row.Select(value => value.Name)];
        }
        return pdu.Answer([.. values.Take(maxVarBinds)]);
    }

    // GetBulk may return fewer than asked; anything else that does not fit is tooBig.
    private static byte[] Fit(SnmpMessage request, SnmpPdu pdu, int maxBytes)
    {
        Span<byte> buffer = stackalloc byte[maxBytes];
        while (true)
        {
            if ((request with { Pdu = pdu }).TryEncode(buffer, out var written)) return buffer[..written].ToArray();
            if (request.Pdu.Type != PduType.GetBulk || pdu.VarBinds.Count <= 1) return TooBig(request);
            pdu = pdu with { VarBinds = [.. pdu.VarBinds.Take(pdu.VarBinds.Count * 4 / 5)] };
        }
    }

    // Version 1 echoes the names, version 2 sends none (RFC 3416 §4.2.1).
    private static byte[] TooBig(SnmpMessage request)
    {
        var refused = request.Pdu.Refuse(SnmpErrorStatus.TooBig, 0);
        return (request with { Pdu = request.Version == SnmpVersion.V1 ? refused : refused with { VarBinds = [] } }).Encode();
    }
}
