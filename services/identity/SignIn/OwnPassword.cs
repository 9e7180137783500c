using Fleet.Defaults;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.SignIn;

/// <summary>Who does something grave to the own account shows the password once more; wrong ones count like those at the sign-in.</summary>
public sealed class OwnPassword(ModuleContext module, Passwords passwords, Guesses guesses, SignInRecord record)
{
    public static readonly Refusal Wrong = Refusal.Forbidden("wrong-password", "That is not your password."),
        Elsewhere = Refusal.Conflict("signs-in-elsewhere", "You sign in with another provider of identities: password and second factor are there.");

    /// <summary>Why it may not go on; null when it may.</summary>
    public async Task<Refusal?> CheckAsync(HttpContext http, SignedIn me, string? password, CancellationToken cancel)
    {
        if (me.Person.Password is not { } hash)
            return Elsewhere;
        if (await guesses.TryAsync(http, me.Known.Id, cancel) is { } wait)
            return new(StatusCodes.Status429TooManyRequests, "wrong-password", "Too many wrong tries", $"Too many wrong tries; wait {wait} s.");
        if (passwords.Check(me.Known.Key.Open("password", hash), password is { Length: <= 1024 } ? password : "").IsRight)
        {
            await guesses.RightAsync(http, me.Known.Id, cancel);
            return null;
        }
        await record.RefusedAsync(me.Known, "wrong-password", cancel);
        return Wrong;
    }

    /// <summary>All other sessions end: who changes a password may do so because somebody else knows it.</summary>
    public async Task<Refusal?> ChangeAsync(HttpContext http, SignedIn me, string? current, string? wanted, CancellationToken cancel)
    {
        if (await CheckAsync(http, me, current, cancel) is { } no)
            return no;
        if (await passwords.FaultAsync(wanted, cancel) is { } fault)
            return Refusal.Invalid("password", fault);
        var sealedHash = me.Known.Key.Seal("password", passwords.Hash(wanted!));
        return (await module.DecideAsync<Person, PersonEvent>(me.Known.Home.StoreTenant, me.Known.Stream,
            person => person.Password == me.Person.Password ? new PersonEvent.PasswordChanged(sealedHash, "changed", me.SessionId, module.Clock.GetUtcNow()) : Wrong, cancel)).Refusal;
    }
}
