namespace Fleet.Snmp;

/// <summary>Bytes or text that are not SNMP: the message says what was expected and what stood there. Never a sign of a bug here.</summary>
public sealed class SnmpFormatException : FormatException
{
    public SnmpFormatException() { }

    public SnmpFormatException(string message) : base(message) { }

    public SnmpFormatException(string message, Exception innerException) : base(message, innerException) { }
}
