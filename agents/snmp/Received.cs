namespace Fleet.Snmp;

/// <summary>What came of one message: an outcome, the PDU where one came, and whether it came authenticated.</summary>
internal readonly record struct Received(SnmpOutcome Outcome, SnmpPdu? Pdu = null, bool IsAuthentic = false);
