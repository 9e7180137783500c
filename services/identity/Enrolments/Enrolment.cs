using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Fleet.EventStore;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Enrolments;

public abstract record EnrolmentEvent
{
    /// <param name="X">With <paramref name="Y"/> the public half of the agent's key, base64url.</param>
    /// <param name="Until">Nobody can approve or redeem it from then on.</param>
    public sealed record Asked(string UserCode, string X, string Y, DateTimeOffset Until, DateTimeOffset At) : EnrolmentEvent;

    /// <param name="By">Subject of the token it was done with.</param>
    public sealed record Approved(string Tenant, string Site, string Agent, string By, DateTimeOffset At) : EnrolmentEvent;

    public sealed record Denied(string Tenant, string By, DateTimeOffset At) : EnrolmentEvent;

    /// <summary>The agent has its first tokens.</summary>
    public sealed record Redeemed(DateTimeOffset At) : EnrolmentEvent;
}

/// <summary>One try of one agent to be let in. The device code itself is nowhere: its hash is the stream's name.</summary>
/// <param name="Key">Null: nobody asked.</param>
/// <param name="Place">Where it was let in; null until then.</param>
public sealed record Enrolment(ProofKey? Key, DateTimeOffset Until, Place? Place, bool IsDenied, bool IsRedeemed)
{
    public static readonly Enrolment None = new(null, DateTimeOffset.MinValue, null, IsDenied: false, IsRedeemed: false);

    public static readonly StreamType<Enrolment, EnrolmentEvent> Stream = new("enrolment", None, Evolve)
    {
        Events =
        {
            ["enrolment_asked"] = typeof(EnrolmentEvent.Asked),
            ["enrolment_approved"] = typeof(EnrolmentEvent.Approved),
            ["enrolment_denied"] = typeof(EnrolmentEvent.Denied),
            ["enrolment_redeemed"] = typeof(EnrolmentEvent.Redeemed),
        },
    };

    public static string StreamKey(string deviceCode) => $"enrolment/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deviceCode)))}";

    public static Enrolment Evolve(Enrolment enrolment, EnrolmentEvent e) => e switch
    {
        EnrolmentEvent.Asked asked => None with { Key = new(asked.X, asked.Y), Until = asked.Until },
        EnrolmentEvent.Approved approved => enrolment with { Place = new(approved.Tenant, approved.Site, approved.Agent) },
        EnrolmentEvent.Denied => enrolment with { IsDenied = true },
        EnrolmentEvent.Redeemed => enrolment with { IsRedeemed = true },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

/// <summary>What an agent is let in as.</summary>
public sealed record Place(string Tenant, string Site, string Agent);
