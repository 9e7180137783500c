using System.Globalization;
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.SignIn;

/// <summary>A secret for an authenticator app, not in force until a code of it is shown.</summary>
/// <param name="Secret">Base32, to be typed where nothing can be scanned.</param>
/// <param name="Address"><c>otpauth://…</c>, for a QR code.</param>
/// <param name="Setup">To be sent back with the first code; good for ten minutes.</param>
public sealed record OfferedFactor(string Secret, string Address, string Setup);

/// <summary>Said once.</summary>
/// <param name="RecoveryCodes">Each signs in once, in place of a code.</param>
public sealed record GivenFactor(IReadOnlyList<string> RecoveryCodes);

public static class SetSecondFactor
{
    public static readonly Refusal WrongCode = Refusal.Invalid("wrong-code", "That code is not right. Is the telephone's clock?"),
        There = Refusal.Conflict("has-second-factor", "There is one already; remove it first.");

    public static Decision<PersonEvent> Decide(Person person, string secret, IReadOnlyList<string> recovery, long step, DateTimeOffset now) =>
        person.Stage == PersonStage.Active && person.SecondFactor is null ? new PersonEvent.SecondFactorSet(secret, recovery, step, now) : There;
}

public sealed class SecondFactors(ModuleContext module, PersonKeys keys, OwnPassword own, Guesses guesses)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public async Task<(OfferedFactor? Offered, Refusal? Refusal)> OfferAsync(HttpContext http, SignedIn me, string? password, CancellationToken cancel)
    {
        if (await own.CheckAsync(http, me, password, cancel) is { } no)
            return (null, no);
        return me.Person.SecondFactor is null ? (Of(me, RandomNumberGenerator.GetBytes(Totp.SecretLength), await EmailAsync(me, cancel)), null) : (null, SetSecondFactor.There);
    }

    /// <summary>The same once more, for a page whose code was wrong; null when it is not this person's, or too old.</summary>
    public async Task<OfferedFactor?> AgainAsync(SignedIn me, string? setup, CancellationToken cancel) =>
        Read(me, setup) is { } secret ? Of(me, secret, await EmailAsync(me, cancel)) with { Setup = setup! } : null;

    public async Task<(GivenFactor? Given, Refusal? Refusal)> ConfirmAsync(SignedIn me, string? setup, string? code, CancellationToken cancel)
    {
        if (Read(me, setup) is not { } secret)
            return (null, Refusal.Invalid("setup", "The set-up took longer than ten minutes, or is not yours; begin again."));
        var now = module.Clock.GetUtcNow();
        if (Totp.StepOf(secret, code, now, used: 0) is not { } step)
            return (null, SetSecondFactor.WrongCode);
        var codes = RecoveryCodes.New(() => RandomNumberGenerator.GetInt32(32));
        var (kept, hashes) = (me.Known.Key.Seal("totp", Convert.ToBase64String(secret)), codes.Select(one => RecoveryCodes.HashOf(keys.People, me.Known.Id, one)).ToList());
        var outcome = await module.DecideAsync<Person, PersonEvent>(me.Known.Home.StoreTenant, me.Known.Stream, person => SetSecondFactor.Decide(person, kept, hashes, step, now), cancel);
        return outcome.Refusal is { } refusal ? (null, refusal) : (new(codes), null);
    }

    public async Task<Refusal?> RemoveAsync(HttpContext http, SignedIn me, string? password, string? code, CancellationToken cancel)
    {
        if (await own.CheckAsync(http, me, password, cancel) is { } no)
            return no;
        if (me.Person.SecondFactor is { } factor)
        {
            if (await guesses.TryAsync(http, SignInPages.CodesOf(me.Known), cancel) is { } wait)
                return new(StatusCodes.Status429TooManyRequests, "wrong-code", "Too many wrong codes", $"Too many wrong codes; wait {wait} s.");
            if (Totp.StepOf(Convert.FromBase64String(me.Known.Key.Open("totp", factor.Secret)), code, module.Clock.GetUtcNow(), factor.Step) is null
                && RecoveryCodes.Find(keys.People, me.Known.Id, factor, code) is null)
                return SetSecondFactor.WrongCode;
            await guesses.RightAsync(http, SignInPages.CodesOf(me.Known), cancel);
        }
        return (await module.DecideAsync<Person, PersonEvent>(
            me.Known.Home.StoreTenant, me.Known.Stream, person => RemoveSecondFactor.Decide(me.Known.Id, person, module.Clock.GetUtcNow()), cancel)).Refusal;
    }

    private OfferedFactor Of(SignedIn me, byte[] secret, string account) => new(
        Totp.Base32(secret), Totp.Address(secret, account), keys.People.Seal("setup", $"{me.Known.Id}\n{(module.Clock.GetUtcNow() + Life).ToUnixTimeSeconds()}\n{Convert.ToBase64String(secret)}"));

    private byte[]? Read(SignedIn me, string? setup) =>
        keys.People.Unseal("setup", setup)?.Split('\n') is [var id, var until, var secret] && id == me.Known.Id
            && long.Parse(until, CultureInfo.InvariantCulture) > module.Clock.GetUtcNow().ToUnixTimeSeconds() ? Convert.FromBase64String(secret) : null;

    private async Task<string> EmailAsync(SignedIn me, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([me.Known.Home.StoreTenant]);
        return await query.LoadAsync<PersonRow>(me.Known.Home.StoreTenant, me.Known.Id, cancel) is { Email: { } email } ? me.Known.Key.Open("email", email) : me.Known.Id;
    }
}
