using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.SignIn;

public static class EnterFromElsewhere
{
    /// <summary>Only who was invited enters; the first time by the address, from then on as the same subject of the same issuer, whatever address it has by then.</summary>
    /// <param name="login">Keyed hash of issuer and subject.</param>
    public static (string? Fault, Decision<PersonEvent> Decision) Decide(Person person, string login, string session, DateTimeOffset now)
    {
        var isInvited = person.Invitation is { } invitation && now < invitation.Until;
        var fault = person.Stage switch
        {
            PersonStage.Unknown or PersonStage.Erased => "unknown",
            _ when person.Login is { } known && known != login => "other-login",
            PersonStage.Disabled when !isInvited => "disabled",
            PersonStage.Invited when !isInvited => "not-accepted",
            _ => null,
        };
        if (fault is not null)
            return (fault, SignInPerson.Refused);
        PersonEvent[] linked = person.Stage == PersonStage.Active && person.Login == login ? [] : [new PersonEvent.Linked(login, now)];
        var signIn = SignInPerson.Decide(linked.Aggregate(person, Person.Evolve), session, Shown.Elsewhere, now);
        return (null, new([.. linked, .. signIn.Events], signIn.Refusal));
    }
}
