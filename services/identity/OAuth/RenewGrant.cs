using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.OAuth;

public static class RenewGrant
{
    public static readonly Refusal NoLonger = Refusal.Invalid("invalid_grant", "The refresh token is unknown, was replaced, ended with its session, or was unused for 90 days; or it is another client's.");

    /// <summary>
    /// Only the newest one gives a newer one. Any other of the line means that two hold it, and nobody can tell which is the thief (RFC 9700 §4.14.2): the line ends. A public client shows no key, so that even an answer that got
    /// lost ends it; the person signs in again.
    /// </summary>
    /// <param name="grant">Whose id the token names.</param>
    /// <param name="shown">Its hash.</param>
    /// <param name="fresh">Hash of the one that would replace it.</param>
    public static Decision<PersonEvent> Decide(Person person, string grant, string client, string shown, string fresh, DateTimeOffset now)
    {
        if (person.Stage != PersonStage.Active || !person.Grants.TryGetValue(grant, out var known) || known.Client != client || now - known.Last > Person.Idle)
            return NoLonger;
        return shown == known.Refresh ? new PersonEvent.Renewed(grant, fresh, now) : new PersonEvent.GrantEnded(grant, "token-reuse", now);
    }
}
