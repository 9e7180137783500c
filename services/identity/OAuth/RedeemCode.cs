using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fleet.Identity.People;

namespace Fleet.Identity.OAuth;

/// <summary>What a client shows for a code.</summary>
public sealed record ShownCode(string Client, string Redirect, string Verifier);

public enum CodeOutcome
{
    /// <summary>Tokens.</summary>
    Good,

    /// <summary>Nothing, and the code is void from now on: who shows it wrongly may have it from somebody else.</summary>
    Void,

    /// <summary>Two hold it: what came of it ends, too (RFC 6749 §10.5).</summary>
    Replayed,
}

public static class RedeemCode
{
    /// <param name="person">Whose code it is.</param>
    public static CodeOutcome Decide(AuthorizationCode code, ShownCode shown, Person person, DateTimeOffset now)
    {
        if (code.Grant is { Length: > 0 })
            return CodeOutcome.Replayed;
        var isTheirs = code.Grant is null && code.Client == shown.Client && code.Redirect == shown.Redirect && IsOf(code.Challenge, shown.Verifier);
        return isTheirs && now < code.Until && person.Stage == PersonStage.Active && person.Sessions.ContainsKey(code.Session) ? CodeOutcome.Good : CodeOutcome.Void;
    }

    /// <summary>Lines of refresh tokens one client holds of one sign-in at most; beyond it the one that was used longest ago ends.</summary>
    public const int MostGrants = 10;

    /// <summary>Which end for this code's sake.</summary>
    public static IEnumerable<string> Outnumbered(Person person, AuthorizationCode code) =>
        person.Grants.Where(one => one.Value.Session == code.Session && one.Value.Client == code.Client).OrderByDescending(one => one.Value.Last).Skip(MostGrants - 1).Select(one => one.Key);

    /// <summary>RFC 7636 §4.6, S256.</summary>
    public static bool IsOf(string challenge, string verifier) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(challenge), Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)))));
}
