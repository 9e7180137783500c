using System.Security.Claims;
using Fleet.Defaults;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.SignIn;

/// <summary>The person an access token stands for, as it is now: an access token outlives its session by minutes, what it does to the person's own account does not.</summary>
public sealed class Myself(ModuleContext module, PersonKeys keys)
{
    public static readonly Refusal NoPerson = Refusal.Unknown("not-a-person", "The token is a program's: it has no account of this kind."),
        SignedOut = Refusal.Forbidden("signed-out", "The session this token came of is over; sign in again.");

    public async Task<(SignedIn? Me, Refusal? Refusal)> OfAsync(HttpContext http, CancellationToken cancel)
    {
        if (http.User.FindFirstValue("sid") is not { } session || http.User.FindFirstValue("sub") is not { } id)
            return (null, NoPerson);
        if (await keys.ByIdAsync(id, cancel) is not { } known)
            return (null, SignedOut);
        await using var stream = module.Store.LightweightSession(known.Home.StoreTenant);
        var person = (await stream.Events.FetchForWriting<Person>(known.Stream, cancel)).Aggregate;
        return person.Stage == PersonStage.Active && person.Sessions.ContainsKey(session) ? (new(known, person, session), null) : (null, SignedOut);
    }
}
