using System.Globalization;
using Fleet.Identity.OAuth;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Slows down who guesses: after five wrong passwords or codes in a row for one person, or thirty from one address, each further try waits twice as long as the one before, up to a quarter of an hour. It counts what is
/// typed, whether anybody has that address or not, so that it tells nobody who does. A stranger can delay a person by it, never lock it out for good. Known to this process.
/// </summary>
public sealed class Guesses(TimeProvider clock, ClientAddress addresses)
{
    private const int FreeOfAddress = 30;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly LockOut _persons = new(clock, longest: Longest), _addresses = new(clock, free: FreeOfAddress, longest: Longest);

    /// <summary>Seconds this try has to wait; null when it may go on.</summary>
    public int? Wait(HttpContext http, string who)
    {
        var longest = new[] { _persons.Wait(who), _addresses.Wait(addresses.Of(http)) }.Max();
        if (longest is not { } wait)
            return null;
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }

    public void Wrong(HttpContext http, string who)
    {
        _persons.Failed(who);
        _addresses.Failed(addresses.Of(http));
    }

    // Not the address: else one own good password would make up for any number of wrong ones.
    public void Right(string who) => _persons.Succeeded(who);
}
