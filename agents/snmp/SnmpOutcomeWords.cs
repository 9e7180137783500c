using System.Diagnostics;

namespace Fleet.Snmp;

public static class SnmpOutcomeWords
{
    extension(SnmpOutcome outcome)
    {
        /// <summary>SNMPv3: the device is there and does not speak with this user, so nobody can say what it holds.</summary>
        public bool IsDenied => outcome is SnmpOutcome.UnknownUser or SnmpOutcome.WrongDigest or SnmpOutcome.DecryptionError or SnmpOutcome.UnsupportedSecurityLevel
            or SnmpOutcome.NotInTimeWindow or SnmpOutcome.UnknownEngine or SnmpOutcome.UnknownContext;

        /// <summary>Nothing was said about any object: silent, out of reach or denied.</summary>
        public bool IsClosed => outcome is SnmpOutcome.TimedOut or SnmpOutcome.Unreachable || outcome.IsDenied;

        /// <summary>For people, as the end of "the device …".</summary>
        public string InWords => outcome switch
        {
            SnmpOutcome.Answered => "answers",
            SnmpOutcome.TimedOut => "does not answer",
            SnmpOutcome.Unreachable => "cannot be reached from here",
            SnmpOutcome.Refused => "answers with an error",
            SnmpOutcome.Looped => "names objects out of order",
            SnmpOutcome.LimitReached => "goes on without end",
            SnmpOutcome.UnknownUser => "does not know this SNMPv3 user",
            SnmpOutcome.WrongDigest => "cannot verify this SNMPv3 user: the authentication passphrase or protocol is another there",
            SnmpOutcome.DecryptionError => "cannot decrypt: the privacy passphrase or protocol is another there",
            SnmpOutcome.UnsupportedSecurityLevel => "knows this SNMPv3 user, but not at this security level",
            SnmpOutcome.NotInTimeWindow => "has another time in every SNMPv3 message",
            SnmpOutcome.UnknownEngine => "does not hold on to one SNMPv3 engine id",
            SnmpOutcome.UnknownContext => "has no such SNMPv3 context",
            _ => throw new UnreachableException($"No words for {outcome}")
        };
    }
}
