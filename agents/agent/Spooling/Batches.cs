using Fleet.Agent.Signing;
using Fleet.Contracts.Edge.V1;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

/// <summary>The batches of a spool: entries that wait become one here, numbered, chained and signed, and it stays as it is until the broker has confirmed it. Called under the spool's lock.</summary>
internal sealed class Batches(SqliteConnection database, SpoolOwner owner, AgentKey key)
{
    public Chain Chain => database.Rows("SELECT sequence, hash FROM agent", row => new Chain(row.GetInt64(0), row.GetString(1))).Single();

    /// <summary>Those of a lane behind a number, oldest first.</summary>
    public List<Batch> Behind(string lane, long after, int limit) => database.Rows(
        "SELECT sequence, lane, routing_key, body, previous, traceparent, events, key_id, signature FROM batch WHERE lane = $lane AND sequence > $after ORDER BY sequence LIMIT $limit",
        row => new Batch(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetInt32(6),
            row.GetString(7), row.GetString(8)),
        ("$lane", lane), ("$after", after), ("$limit", limit));

    /// <summary>The next one of a lane; null when nothing waits. The number, the chain, the signature and the end of the entries are one transaction: no event is in two batches or in none.</summary>
    public Batch? CutNext(string lane)
    {
        var waiting = database.Rows(
            "SELECT number, lane, type, device, event, traceparent FROM entry WHERE lane = $lane ORDER BY number LIMIT $limit", Room.Stored, ("$lane", lane), ("$limit", Cut.MostEvents));
        if (Cut.From(waiting) is not { } cut) return null;
        using var transaction = database.BeginTransaction();
        var batch = Chain.Next(cut, owner.Agent, EdgeBatch.RoutingKey(owner.Tenant, owner.Site, lane), key);
        database.Do(
            "INSERT INTO batch VALUES ($sequence, $lane, $key, $body, $previous, $trace, $events, $keyId, $signature)",
            ("$sequence", batch.Sequence), ("$lane", batch.Lane), ("$key", batch.RoutingKey), ("$body", batch.Body), ("$previous", batch.Previous),
            ("$trace", (object?)batch.TraceParent ?? DBNull.Value), ("$events", batch.Events), ("$keyId", batch.KeyId), ("$signature", batch.Signature));
        foreach (var number in cut.Entries) database.Do("DELETE FROM entry WHERE number = $number", ("$number", number));
        var chain = Chain.After(batch);
        database.Do("UPDATE agent SET sequence = $sequence, hash = $hash", ("$sequence", chain.Sequence), ("$hash", chain.Hash));
        transaction.Commit();
        return batch;
    }

    /// <summary>The broker has it: it goes, and its events count as sent. A second time changes nothing.</summary>
    public void Confirm(long sequence)
    {
        using var transaction = database.BeginTransaction();
        database.Do("UPDATE agent SET sent = sent + COALESCE((SELECT events FROM batch WHERE sequence = $sequence), 0)", ("$sequence", sequence));
        database.Do("DELETE FROM batch WHERE sequence = $sequence", ("$sequence", sequence));
        transaction.Commit();
    }
}
