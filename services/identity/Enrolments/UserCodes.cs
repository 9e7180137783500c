using System.Globalization;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.Enrolments;

/// <summary>Looks codes up for people, and slows down who guesses them (RFC 8628 §5.1): as for secrets, per caller.</summary>
public sealed class UserCodes(ModuleContext module)
{
    public static readonly Refusal Unknown = Refusal.Unknown("unknown-code", "No agent waits under this code: it is mistyped, or older than a quarter of an hour.");

    private readonly LockOut _guesses = new(module, PeopleKey.Open(module.Settings), "user-code");

    public async Task<bool> MayDecideForAsync(string tenant, Caller caller, CancellationToken cancel) => (await Customers.VisibleToAsync(module, caller, cancel)).Contains(tenant);

    public async Task<(AskedEnrolmentRow? Row, Refusal? Refusal)> FindAsync(string? typed, Caller caller, HttpContext http, CancellationToken cancel)
    {
        if (await _guesses.TryAsync(caller.Id, cancel) is { } wait)
        {
            var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = seconds;
            return (null, new(StatusCodes.Status429TooManyRequests, "wrong-codes", "Too many wrong codes", $"Too many wrong codes in a row; try again in {seconds} s."));
        }
        if (UserCode.Read(typed) is { } code && await AskedEnrolments.FindAsync(module, code, cancel) is { } row)
        {
            await _guesses.SucceededAsync(caller.Id, cancel);
            return (row, null);
        }
        return (null, Unknown);
    }
}
