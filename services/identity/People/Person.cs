using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Identity.People;

/// <summary>What is personal (name, e-mail address, password hash, secret of the second factor) is in here only sealed with the person's own key: see <see cref="PersonKey"/>.</summary>
public abstract record PersonEvent
{
    /// <param name="Name">Sealed, as <paramref name="Email"/>.</param>
    /// <param name="Invitation">SHA-256 of what the invitation's link holds, hex.</param>
    /// <param name="By">Subject of the token it was done with.</param>
    public sealed record Invited(string Role, string Name, string Email, string Invitation, DateTimeOffset Until, string By, DateTimeOffset At) : PersonEvent;

    /// <summary>Another link in place of the one before: that got lost, or the password was forgotten.</summary>
    public sealed record InvitedAgain(string Invitation, DateTimeOffset Until, string By, DateTimeOffset At) : PersonEvent;

    /// <summary>The person came by the invitation and chose a password (sealed hash). Sessions from before, if any, are over.</summary>
    public sealed record Accepted(string Password, DateTimeOffset At) : PersonEvent;

    /// <summary>The person came from the provider of identities that stands in for our sign-in.</summary>
    /// <param name="Login">Keyed hash of issuer and subject: nobody else enters under this person's address.</param>
    public sealed record Linked(string Login, DateTimeOffset At) : PersonEvent;

    /// <param name="Why"><c>rehashed</c> (same password, costlier hash) or <c>changed</c> (sessions other than <paramref name="Session"/> are over).</param>
    public sealed record PasswordChanged(string Password, string Why, string? Session, DateTimeOffset At) : PersonEvent;

    /// <param name="Secret">Sealed.</param>
    /// <param name="Recovery">Keyed hash of each recovery code.</param>
    /// <param name="Step">RFC 6238 time step of the code that proved it.</param>
    public sealed record SecondFactorSet(string Secret, IReadOnlyList<string> Recovery, long Step, DateTimeOffset At) : PersonEvent;

    public sealed record SecondFactorRemoved(string By, DateTimeOffset At) : PersonEvent;

    /// <param name="How">RFC 8176: <c>pwd</c>, <c>otp</c>, <c>mfa</c>; <c>fed</c> when another issuer says so.</param>
    /// <param name="Step">Of the code that was shown: it and those before it are worth nothing any more.</param>
    /// <param name="Recovery">Hash of the recovery code that was shown instead.</param>
    public sealed record SignedIn(
        string Session, IReadOnlyList<string> How, DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Step = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Recovery = null) : PersonEvent;

    /// <param name="Why"><c>wrong-password</c>, <c>wrong-code</c>, <c>not-accepted</c>, <c>disabled</c>, <c>other-login</c>, <c>code-misused</c>, or <c>unknown</c> (stream <see cref="Person.Nobody"/>).</param>
    public sealed record SignInRefused(string Why, DateTimeOffset At) : PersonEvent;

    /// <summary>A client has tokens for this person, of one sign-in.</summary>
    /// <param name="Grant">Its line of refresh tokens.</param>
    /// <param name="Refresh">SHA-256 of the first one, hex.</param>
    public sealed record Authorized(string Session, string Grant, string Client, IReadOnlyList<string> Scope, string Refresh, DateTimeOffset At) : PersonEvent;

    public sealed record Renewed(string Grant, string Refresh, DateTimeOffset At) : PersonEvent;

    /// <param name="Why"><c>token-reuse</c>, <c>code-reuse</c>, <c>signed-out</c> or <c>too-many</c>.</param>
    public sealed record GrantEnded(string Grant, string Why, DateTimeOffset At) : PersonEvent;

    /// <param name="Session">Null: all of them.</param>
    public sealed record SessionEnded(string? Session, string By, DateTimeOffset At) : PersonEvent;

    public sealed record RoleChanged(string Role, string By, DateTimeOffset At) : PersonEvent;

    public sealed record Disabled(string By, DateTimeOffset At) : PersonEvent;

    /// <summary>The person's key is destroyed in the same transaction.</summary>
    public sealed record Erased(string By, DateTimeOffset At) : PersonEvent;
}

public enum PersonStage
{
    Unknown,
    Invited,
    Active,
    Disabled,
    Erased,
}

/// <summary>Somebody who signs in. Its id says nothing; it belongs to one provider or one tenant for ever (see <see cref="Home"/>).</summary>
/// <param name="Password">Sealed hash; null for who comes from another issuer, or has not come yet.</param>
/// <param name="Sessions">Session id → sign-in, while anything of it lives.</param>
/// <param name="Grants">Grant id → the line of refresh tokens a client holds.</param>
public sealed record Person(
    PersonStage Stage, string Role, Invitation? Invitation, string? Password, string? Login, SecondFactor? SecondFactor,
    IReadOnlyDictionary<string, Session> Sessions, IReadOnlyDictionary<string, Grant> Grants)
{
    public static readonly Person None = new(PersonStage.Unknown, "", null, null, null, null, new Dictionary<string, Session>(), new Dictionary<string, Grant>());

    /// <summary>A refresh token unused this long is void, and with it what is left of its session.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(90);

    public static readonly StreamType<Person, PersonEvent> Stream = new("person", None, Evolve)
    {
        Events =
        {
            ["person_invited"] = typeof(PersonEvent.Invited),
            ["person_invited_again"] = typeof(PersonEvent.InvitedAgain),
            ["person_accepted"] = typeof(PersonEvent.Accepted),
            ["person_linked"] = typeof(PersonEvent.Linked),
            ["person_password_changed"] = typeof(PersonEvent.PasswordChanged),
            ["person_second_factor_set"] = typeof(PersonEvent.SecondFactorSet),
            ["person_second_factor_removed"] = typeof(PersonEvent.SecondFactorRemoved),
            ["person_signed_in"] = typeof(PersonEvent.SignedIn),
            ["person_sign_in_refused"] = typeof(PersonEvent.SignInRefused),
            ["person_authorized"] = typeof(PersonEvent.Authorized),
            ["person_renewed"] = typeof(PersonEvent.Renewed),
            ["person_grant_ended"] = typeof(PersonEvent.GrantEnded),
            ["person_session_ended"] = typeof(PersonEvent.SessionEnded),
            ["person_role_changed"] = typeof(PersonEvent.RoleChanged),
            ["person_disabled"] = typeof(PersonEvent.Disabled),
            ["person_erased"] = typeof(PersonEvent.Erased),
        },
        Snapshot = true, // grows with every renewal, and is read as often
    };

    /// <summary>Where sign-ins under an address nobody has are kept, so that they cost what others cost and can be read like them.</summary>
    public const string Nobody = "nobody";

    public static string Key(string person) => $"person/{person}";

    public static Person Evolve(Person person, PersonEvent e) => e switch
    {
        PersonEvent.Invited invited => None with { Stage = PersonStage.Invited, Role = invited.Role, Invitation = new(invited.Invitation, invited.Until) },
        PersonEvent.InvitedAgain again => person with { Invitation = new(again.Invitation, again.Until) },
        PersonEvent.Accepted accepted => person.SignedOut() with { Stage = PersonStage.Active, Invitation = null, Password = accepted.Password },
        PersonEvent.Linked linked => person with { Stage = PersonStage.Active, Invitation = null, Login = linked.Login },
        PersonEvent.PasswordChanged { Why: "rehashed" } changed => person with { Password = changed.Password },
        PersonEvent.PasswordChanged changed => person.Without(session => session != changed.Session) with { Password = changed.Password },
        PersonEvent.SecondFactorSet set => person with { SecondFactor = new(set.Secret, set.Recovery, set.Step) },
        PersonEvent.SecondFactorRemoved => person with { SecondFactor = null },
        PersonEvent.SignedIn signedIn => person.Fresh(signedIn.At) with
        {
            Sessions = person.Fresh(signedIn.At).Sessions.With(signedIn.Session, new(signedIn.How, signedIn.At, signedIn.At)),
            SecondFactor = person.SecondFactor?.After(signedIn.Step, signedIn.Recovery),
        },
        PersonEvent.SignInRefused => person,
        PersonEvent.Authorized granted => person.Touched(granted.Session, granted.At) with
        {
            Grants = person.Grants.With(granted.Grant, new(granted.Session, granted.Client, granted.Scope, granted.Refresh, granted.At)),
        },
        PersonEvent.Renewed renewed => person.Touched(person.Grants[renewed.Grant].Session, renewed.At) with
        {
            Grants = person.Grants.With(renewed.Grant, person.Grants[renewed.Grant] with { Refresh = renewed.Refresh, Last = renewed.At }),
        },
        PersonEvent.GrantEnded ended => person with { Grants = person.Grants.Where(grant => grant.Key != ended.Grant).ToDictionary() },
        PersonEvent.SessionEnded { Session: null } => person.SignedOut(),
        PersonEvent.SessionEnded ended => person.Without(session => session == ended.Session),
        PersonEvent.RoleChanged changed => person.SignedOut() with { Role = changed.Role },
        PersonEvent.Disabled => person.SignedOut() with { Stage = PersonStage.Disabled, Invitation = null },
        PersonEvent.Erased => None with { Stage = PersonStage.Erased, Role = person.Role },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };

    private Person SignedOut() => Without(_ => true);

    private Person Without(Func<string, bool> session) => this with
    {
        Sessions = Sessions.Where(one => !session(one.Key)).ToDictionary(),
        Grants = Grants.Where(one => !session(one.Value.Session)).ToDictionary(),
    };

    private Person Touched(string session, DateTimeOffset at) =>
        Sessions.TryGetValue(session, out var known) ? this with { Sessions = Sessions.With(session, known with { Last = at }) } : this;

    // What nobody used for so long is void by itself, and is not dragged along for ever.
    private Person Fresh(DateTimeOffset now) => Without(session => now - Sessions[session].Last > Idle);
}

/// <param name="Hash">SHA-256 of what the link holds, hex.</param>
public sealed record Invitation(string Hash, DateTimeOffset Until);

/// <summary>One sign-in in one browser, and what clients got by it.</summary>
/// <param name="How">RFC 8176 words.</param>
/// <param name="Last">When it, or a refresh token of it, was last used.</param>
public sealed record Session(IReadOnlyList<string> How, DateTimeOffset At, DateTimeOffset Last);

/// <param name="Refresh">Hash of the one refresh token that is good.</param>
public sealed record Grant(string Session, string Client, IReadOnlyList<string> Scope, string Refresh, DateTimeOffset Last);

/// <param name="Secret">Sealed.</param>
/// <param name="Step">The newest code that was shown.</param>
public sealed record SecondFactor(string Secret, IReadOnlyList<string> Recovery, long Step)
{
    public SecondFactor After(long? step, string? recovery) => this with { Step = Math.Max(Step, step ?? Step), Recovery = [.. Recovery.Where(code => code != recovery)] };
}

internal static class Entries
{
    public static IReadOnlyDictionary<string, T> With<T>(this IReadOnlyDictionary<string, T> known, string key, T value) => new Dictionary<string, T>(known) { [key] = value };
}
