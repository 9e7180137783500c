using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.SignIn;

public static class EndSession
{
    /// <param name="session">Null: all of them.</param>
    public static Decision<PersonEvent> Decide(string? session, string by, Person person, DateTimeOffset now) =>
        session is null ? person.Sessions.Count == 0 ? Decision<PersonEvent>.Nothing : new PersonEvent.SessionEnded(null, by, now)
        : person.Sessions.ContainsKey(session) ? new PersonEvent.SessionEnded(session, by, now)
        : Refusal.Unknown("unknown-session", "There is no such session, or it is over.");
}
