using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Npgsql;

namespace Fleet.Identity.People;

/// <summary>Where somebody's stream is, and the key to what is personal in it.</summary>
public sealed record KnownPerson(string Id, Home Home, PersonKey Key)
{
    public string Stream => Person.Key(Id);
}

/// <summary>
/// Beside the streams, not in them: each person's key (wrapped), home and address (keyed hash). Erasing a person deletes its row, and with it the only way to read what its events say of it.
/// </summary>
public sealed class PersonKeys(ModuleContext module, PeopleKey people)
{
    public const string Table =
        """
        create table if not exists fleet_person (
            person_id varchar primary key,
            home varchar not null,
            key bytea not null,
            email bytea not null unique,
            login varchar unique)
        """;

    public PeopleKey People => people;

    /// <summary>Null: nobody invited has this address, or who had it was erased.</summary>
    public Task<KnownPerson?> ByEmailAsync(EmailAddress email, CancellationToken cancel) => FindAsync("email = $1", people.HashOf(email), cancel);

    /// <param name="login">Keyed hash of who it is at another issuer.</param>
    public Task<KnownPerson?> ByLoginAsync(string login, CancellationToken cancel) => FindAsync("login = $1", login, cancel);

    /// <summary>So that the person is found by it from now on, also under another address.</summary>
    public async Task LinkAsync(string person, string login, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var update = new NpgsqlCommand("update fleet_person set login = $2 where person_id = $1 and login is null", session.Connection, session.Transaction)
        { Parameters = { new() { Value = person }, new() { Value = login } } };
        await update.ExecuteNonQueryAsync(cancel);
        await session.SaveChangesAsync(cancel);
    }

    public Task<KnownPerson?> ByIdAsync(string person, CancellationToken cancel) => FindAsync("person_id = $1", person, cancel);

    /// <summary>Of many at once; who was erased is missing.</summary>
    public async Task<IReadOnlyDictionary<string, PersonKey>> OfAsync(IReadOnlyCollection<string> persons, CancellationToken cancel) =>
        (await ReadAsync("person_id = any($1)", persons.ToArray(), cancel)).ToDictionary(person => person.Id, person => person.Key);

    /// <summary>Makes and keeps a key in the session's transaction; null when somebody has the address.</summary>
    public async Task<PersonKey?> CreateAsync(BatchSession session, string person, Home home, EmailAddress email, CancellationToken cancel)
    {
        var key = RandomNumberGenerator.GetBytes(PersonKey.Length);
        await using var insert = new NpgsqlCommand("insert into fleet_person (person_id, home, key, email) values ($1, $2, $3, $4) on conflict do nothing", session.Connection, session.Transaction)
        { Parameters = { new() { Value = person }, new() { Value = home.StoreTenant }, new() { Value = people.Wrap(person, key) }, new() { Value = people.HashOf(email) } } };
        return await insert.ExecuteNonQueryAsync(cancel) == 1 ? new(person, key) : null;
    }

    /// <summary>For good, with the session's transaction.</summary>
    public static async Task DestroyAsync(BatchSession session, string person, CancellationToken cancel)
    {
        await using var delete = new NpgsqlCommand("delete from fleet_person where person_id = $1", session.Connection, session.Transaction) { Parameters = { new() { Value = person } } };
        await delete.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Somebody whose tenant is on its way to another region: to be told so, once it is clear who it is, and for nothing else.</summary>
    public async Task<KnownPerson?> LeavingAsync(EmailAddress email, CancellationToken cancel) => (await ReadAsync($"email = $1 and {Leaving}", people.HashOf(email), cancel)).SingleOrDefault();

    /// <inheritdoc cref="LeavingAsync(EmailAddress, CancellationToken)"/>
    public async Task<KnownPerson?> LeavingAsync(string person, CancellationToken cancel) => (await ReadAsync($"person_id = $1 and {Leaving}", person, cancel)).SingleOrDefault();

    // Nobody signs in whose tenant is on its way to another region: what would be written of it here was not exported.
    private async Task<KnownPerson?> FindAsync(string where, object value, CancellationToken cancel) => (await ReadAsync($"{where} and not {Leaving}", value, cancel)).SingleOrDefault();

    private const string Leaving = "exists (select from fleet_departure d where d.tenant_id = fleet_person.home)";

    private async Task<List<KnownPerson>> ReadAsync(string where, object value, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var select = new NpgsqlCommand($"select person_id, home, key from fleet_person where {where}", session.Connection, session.Transaction) { Parameters = { new() { Value = value } } };
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var found = new List<KnownPerson>();
        while (await rows.ReadAsync(cancel))
            found.Add(new(rows.GetString(0), Home.OfStoreTenant(rows.GetString(1)), people.Unwrap(rows.GetString(0), rows.GetFieldValue<byte[]>(2))));
        return found;
    }
}
