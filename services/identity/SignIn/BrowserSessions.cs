// a browser's cookie -> row fleet_browser_session (its hash) -> stream person/{id}: who is signed in here, how and since when
using System.Buffers.Text;
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Fleet.Identity.SignIn;

/// <param name="SessionId">Of <paramref name="Person"/>'s sessions.</param>
public sealed record SignedIn(KnownPerson Known, Person Person, string SessionId)
{
    public Session Session => Person.Sessions[SessionId];
}

/// <summary>
/// The cookie holds 32 random bytes, the table their hash: who reads the table signs in nowhere. It ends half an hour after its last use, twelve hours after the sign-in (NIST SP 800-63B, AAL2), and with the
/// session in the person's stream, whichever is first.
/// </summary>
public sealed class BrowserSessions(ModuleContext module, PersonKeys keys, Browser browser)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30), Life = TimeSpan.FromHours(12);

    private static readonly TimeSpan Touched = TimeSpan.FromMinutes(1);

    public const string Table =
        """
        create table if not exists fleet_browser_session (
            hash varchar primary key,
            person_id varchar not null,
            session varchar not null,
            seen timestamptz not null,
            until timestamptz not null);
        create index if not exists fleet_browser_session_until on fleet_browser_session (until)
        """;

    /// <summary>A new cookie for a session that has just begun; whatever cookie the browser had is nobody's from now on.</summary>
    public async Task StartAsync(HttpContext http, string person, string session, CancellationToken cancel)
    {
        var (text, now) = (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), module.Clock.GetUtcNow());
        await EndAsync(http, cancel);
        await ExecuteAsync("insert into fleet_browser_session (hash, person_id, session, seen, until) values ($1, $2, $3, $4, $5)", cancel, BearerSecret.HashOf(text), person, session, now, now + Life);
        await ExecuteAsync("delete from fleet_browser_session where ctid in (select ctid from fleet_browser_session where until < $1 limit 100 for update skip locked)", cancel, now);
        browser.SetSession(http, text);
    }

    /// <summary>Null when nobody is signed in here, any more or ever.</summary>
    public async Task<SignedIn?> FindAsync(HttpContext http, CancellationToken cancel)
    {
        if (browser.Session(http) is not { } text || await RowAsync(BearerSecret.HashOf(text), cancel) is not var (id, session, seen, until))
            return null;
        var now = module.Clock.GetUtcNow();
        if (now >= until || now - seen >= Idle || await keys.ByIdAsync(id, cancel) is not { } known)
            return null;
        await using var stream = module.Store.LightweightSession(known.Home.StoreTenant);
        var person = (await stream.Events.FetchForWriting<Person>(known.Stream, cancel)).Aggregate;
        if (person.Stage != PersonStage.Active || !person.Sessions.ContainsKey(session))
            return null;
        if (now - seen > Touched)
            await ExecuteAsync("update fleet_browser_session set seen = $2 where hash = $1", cancel, BearerSecret.HashOf(text), now);
        return new(known, person, session);
    }

    public async Task EndAsync(HttpContext http, CancellationToken cancel)
    {
        if (browser.Session(http) is not { } text)
            return;
        browser.ForgetSession(http);
        await ExecuteAsync("delete from fleet_browser_session where hash = $1", cancel, BearerSecret.HashOf(text));
    }

    private async Task<(string Person, string Session, DateTimeOffset Seen, DateTimeOffset Until)?> RowAsync(string hash, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var select = new NpgsqlCommand("select person_id, session, seen, until from fleet_browser_session where hash = $1", session.Connection, session.Transaction) { Parameters = { new() { Value = hash } } };
        await using var row = await select.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3)) : null;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel, params object[] values)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var command = new NpgsqlCommand(sql, session.Connection, session.Transaction);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
        await session.SaveChangesAsync(cancel);
    }
}
