// the page /account/signin -> password, code -> Decide -> stream person/{id}: signed in, or refused
using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.SignIn;

/// <summary>What a person has shown: the words of RFC 8176, and what of the second factor is used up by it.</summary>
public sealed record Shown(IReadOnlyList<string> How, long? Step = null, string? Recovery = null)
{
    public static readonly Shown Password = new(["pwd"]), Elsewhere = new(["fed"]);

    public static Shown Code(long step) => new(["pwd", "otp", "mfa"], Step: step);

    public static Shown RecoveryCode(string hash) => new(["pwd", "kba", "mfa"], Recovery: hash);
}

public static class SignInPerson
{
    /// <summary>More than anybody has open; beyond it the one that was used longest ago ends.</summary>
    public const int MostSessions = 50;

    /// <summary>To whom it does not matter why: the page says the same for all of them.</summary>
    public static readonly Refusal Refused = Refusal.Invalid("sign-in", "The address or the password is not right, or the person may not sign in.");

    /// <summary>Why a password is not enough to be let on, as the stream keeps it; null when it is.</summary>
    public static string? Fault(Person person, bool isRight) => person.Stage switch
    {
        PersonStage.Unknown or PersonStage.Erased => "unknown",
        PersonStage.Disabled => "disabled",
        PersonStage.Invited => "not-accepted",
        _ => isRight ? null : "wrong-password",
    };

    /// <summary>Asks again what was asked before, because two may come at once with the same code: it is good once.</summary>
    public static Decision<PersonEvent> Decide(Person person, string session, Shown shown, DateTimeOffset now)
    {
        if (person.Stage != PersonStage.Active || !IsFresh(person.SecondFactor, shown))
            return Refused;
        var signedIn = new PersonEvent.SignedIn(session, shown.How, now, shown.Step, shown.Recovery);
        return person.Sessions.Count < MostSessions
            ? signedIn
            : new Decision<PersonEvent>([new PersonEvent.SessionEnded(person.Sessions.MinBy(one => one.Value.Last).Key, "too-many", now), signedIn]);
    }

    private static bool IsFresh(SecondFactor? factor, Shown shown) => (factor, shown) switch
    {
        (_, { How: ["fed"] }) => true, // what another issuer asks for is its own
        (null, { Step: null, Recovery: null }) => true,
        ({ } set, { Step: { } step }) => step > set.Step,
        ({ } set, { Recovery: { } recovery }) => set.Recovery.Contains(recovery),
        _ => false,
    };
}
