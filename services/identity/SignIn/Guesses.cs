using System.Globalization;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Slows down who guesses: after five wrong passwords or codes in a row for one person, or thirty from one address, each further try waits twice as long as the one before, up to a quarter of an hour. It counts what is
/// typed, whether anybody has that address or not, so that it tells nobody who does. A stranger can delay a person by it, never lock it out for good. All instances share the count. A try counts before it is looked at, so that a hundred at once are not one.
/// </summary>
public sealed class Guesses(ModuleContext module, PeopleKey people, ClientAddress addresses)
{
    private const int FreeOfAddress = 30;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly LockOut _persons = new(module, people, "person", longest: Longest), _addresses = new(module, people, "address", free: FreeOfAddress, longest: Longest);

    /// <summary>Counts as wrong until <see cref="RightAsync"/>.</summary>
    /// <returns>Seconds this try has to wait; null when it may go on.</returns>
    public async Task<int?> TryAsync(HttpContext http, string who, CancellationToken cancel)
    {
        var address = addresses.Of(http);
        var wait = await _addresses.TryAsync(address, cancel);
        if (wait is null)
        {
            wait = await _persons.TryAsync(who, cancel);
            if (wait is not null)
                await _addresses.TakeBackAsync(address, cancel);
        }
        if (wait is not { } left)
            return null;
        var seconds = (int)Math.Ceiling(left.TotalSeconds);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }

    // Of the address this one only: else one own good password would make up for any number of wrong ones.
    public async Task RightAsync(HttpContext http, string who, CancellationToken cancel)
    {
        await _persons.SucceededAsync(who, cancel);
        await _addresses.TakeBackAsync(addresses.Of(http), cancel);
    }
}
