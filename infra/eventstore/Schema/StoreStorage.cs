using Npgsql;

namespace Fleet.EventStore;

/// <summary>The store's schema in its database.</summary>
public sealed class StoreStorage
{
    private const int Bite = 10_000;
    private readonly DocumentStore store;

    internal StoreStorage(DocumentStore store) => this.store = store;

    /// <summary>The SQL <see cref="ApplyAllConfiguredChangesToDatabaseAsync"/> runs, for those who run it by hand.</summary>
    public string ToDatabaseScript() => StoreScript.Sql(store.Options, [.. store.Tables.Values], store.ReaderRole);

    /// <summary>Creates what is missing, under a lock; safe to call from many processes and again and again.</summary>
    /// <exception cref="InvalidOperationException">The reader role is missing or could see past row-level security.</exception>
    public async Task ApplyAllConfiguredChangesToDatabaseAsync(CancellationToken ct = default)
    {
        await using var connection = await store.Source.OpenConnectionAsync(ct);
        await CheckReaderAsync(connection, ct);
        await using (var command = new NpgsqlCommand(ToDatabaseScript(), connection)) await command.ExecuteNonQueryAsync(ct);
        foreach (var view in store.InlineTables) await BuildInlineAsync(connection, view, ct);
    }

    /// <summary>Forgets claims made before a time. A message delivered again after that is taken as new: keep them longer than any sender's memory.</summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> PruneClaimsAsync(DateTimeOffset before, CancellationToken ct = default)
    {
        var forgotten = 0;
        while (true)
        {
            // In bites: what is done stays done when the process stops, and no transaction stays open for minutes.
            await using var command = store.Source.CreateCommand(
                "delete from fleet_claim where ctid = any (array(select ctid from fleet_claim where claimed_at < $1 limit $2))");
            command.Parameters.Add(new() { Value = before.ToUniversalTime() });
            command.Parameters.Add(new() { Value = Bite });
            var bite = await command.ExecuteNonQueryAsync(ct);
            forgotten += bite;
            if (bite < Bite) return forgotten;
        }
    }

    // An inline view must be whole before the first append that folds into it; asynchronous ones are built by the daemon.
    private async Task BuildInlineAsync(NpgsqlConnection connection, ViewTable view, CancellationToken ct)
    {
        var current = await Checkpoints.ViewAsync(connection, view.View, ct);
        await using var newest = new NpgsqlCommand("select coalesce(max(seq_id), 0) from mt_events", connection);
        var behind = current.Position < (long)(await newest.ExecuteScalarAsync(ct))!;
        if (current.Version < view.View.Version || (current.Version == view.View.Version && (behind || current.Shape != view.Shape)))
            await Rebuild.RunAsync(store, view, onlyIfDifferent: !behind, ct);
    }

    // The second wall is only one if the role behind it can neither walk around nor become somebody who can.
    private async Task CheckReaderAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select rolsuper or rolbypassrls or pg_has_role(oid, current_user, 'member') from pg_roles where rolname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = store.ReaderRole });
        switch (await command.ExecuteScalarAsync(ct))
        {
            case null:
                throw new InvalidOperationException($"The reader role {store.ReaderRole} does not exist; create it (login, nothing more) before the store");
            case true:
                throw new InvalidOperationException($"The reader role {store.ReaderRole} could bypass row-level security: it is a superuser, has BYPASSRLS, or is a member of the owner");
        }
    }
}
