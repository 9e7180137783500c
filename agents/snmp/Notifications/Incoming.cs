namespace Fleet.Snmp.Notifications;

/// <summary>What came of a datagram: a notification to keep, what to send back once it is kept, or only something to send back.</summary>
internal readonly record struct Incoming(SnmpNotification? Notification, byte[]? Reply, string Dropped = "", int RequestId = 0);
