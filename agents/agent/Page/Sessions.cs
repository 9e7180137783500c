using System.Buffers.Text;

namespace Fleet.Agent.Page;

// sign-in key (once, five minutes) -> session (cookie) -> form token

/// <summary>Who has signed in at the local page. Kept in memory only: a restart of the agent ends them all.</summary>
/// <param name="fresh">So many random bytes.</param>
internal sealed class Sessions(PageKey key, Func<int, byte[]> fresh, TimeProvider clock)
{
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1), Longest = TimeSpan.FromHours(12);

    private const int Most = 32;

    private sealed record Session(DateTimeOffset Began, DateTimeOffset Seen);

    private readonly Lock one = new();
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> used = new(StringComparer.Ordinal);

    /// <summary>The cookie of a new session, or null: the key is wrong, too old, or was used before.</summary>
    public string? SignIn(string ticket)
    {
        var now = clock.GetUtcNow();
        if (!key.Holds(ticket, now)) return null;
        lock (one)
        {
            Tidy(now);
            if (!used.TryAdd(ticket, now + PageKey.TicketLife + PageKey.TicketLife)) return null;
            if (sessions.Count >= Most) sessions.Remove(sessions.MinBy(each => each.Value.Seen).Key);
            var cookie = Base64Url.EncodeToString(fresh(PageKey.Octets));
            sessions.Add(cookie, new(now, now));
            return cookie;
        }
    }

    public bool IsOpen(string? cookie)
    {
        lock (one)
        {
            Tidy(clock.GetUtcNow());
            if (cookie is null || !sessions.TryGetValue(cookie, out var session)) return false;
            sessions[cookie] = session with { Seen = clock.GetUtcNow() };
            return true;
        }
    }

    public void SignOut(string cookie)
    {
        lock (one) sessions.Remove(cookie);
    }

    public string FormToken(string cookie) => key.FormToken(cookie);

    private void Tidy(DateTimeOffset now)
    {
        foreach (var (cookie, session) in sessions.ToList())
            if (now - session.Seen > Idle || now - session.Began > Longest) sessions.Remove(cookie);
        foreach (var (ticket, until) in used.ToList())
            if (until < now) used.Remove(ticket);
    }
}
