using Fleet.Agent.Changes;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

/// <summary>The state directory cannot be this agent's; the message is one line.</summary>
public sealed class StateException(string message) : Exception(message);

/// <summary>
/// What must survive kill −9: the chain, unconfirmed batches, and what was last said of each device. A batch and the memory of what it says are
/// written in one transaction, so a crash either loses both (and the change is seen again) or keeps both.
/// </summary>
public sealed class Spool : IDisposable
{
    private readonly Lock one = new();
    private readonly SqliteConnection database;
    private readonly FileStream held;
    private readonly long maxBytes;

    private Spool(SqliteConnection database, FileStream held, long maxBytes) => (this.database, this.held, this.maxBytes) = (database, held, maxBytes);

    /// <summary>Random bytes of this agent, made once: addresses hashed with it name a device without telling where it is.</summary>
    public byte[] Salt { get; private init; } = [];

    /// <param name="freshSalt">Used when the directory is new.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="StateException">It is held by another agent, or belongs to an agent of another id.</exception>
    public static Spool Open(string directory, string agentId, long maxBytes, byte[] freshSalt)
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        else Directory.CreateDirectory(directory);
        var held = Hold(directory);
        SqliteConnection? database = null;
        try
        {
            database = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "agent.db"), Pooling = false }.ToString());
            database.Open();
            database.Do(SpoolSchema.Sql);
            database.Do("INSERT OR IGNORE INTO agent (one, agent_id, salt, hash) VALUES (1, $id, $salt, $hash)", ("$id", agentId), ("$salt", freshSalt), ("$hash", Chain.Start.Hash));
            var (owner, salt) = database.Rows("SELECT agent_id, salt FROM agent", row => (row.GetString(0), row.GetFieldValue<byte[]>(1))).Single();
            if (owner != agentId) throw new StateException($"{directory} belongs to agent {owner}, not to {agentId}");
            return new(database, held, maxBytes) { Salt = salt };
        }
        catch
        {
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    private static FileStream Hold(string directory)
    {
        var file = Path.Combine(directory, "agent.lock");
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new StateException($"{directory} is in use by another agent");
        }
    }

    /// <summary>Numbers, chains and stores drafts together with what they make the agent remember.</summary>
    /// <returns>False when the spool is full: the events are counted as refused, and the memories are not kept.</returns>
    public bool Accept(IReadOnlyList<Draft> drafts, IReadOnlyList<DeviceMemory> memories)
    {
        lock (one)
        {
            using var transaction = database.BeginTransaction();
            var fits = drafts.Count == 0 || BytesKept() + drafts.Sum(draft => (long)draft.Body.Length) <= maxBytes;
            if (fits) Store(drafts, memories);
            else database.Do("UPDATE agent SET refused = refused + $events", ("$events", drafts.Sum(draft => draft.Events)));
            transaction.Commit();
            return fits;
        }
    }

    /// <summary>Unconfirmed batches of a lane behind a number, oldest first.</summary>
    public IReadOnlyList<Batch> Waiting(string lane, long after, int limit)
    {
        lock (one)
        {
            return database.Rows(
                "SELECT sequence, lane, routing_key, body, previous, traceparent, events FROM batch WHERE lane = $lane AND sequence > $after ORDER BY sequence LIMIT $limit",
                row => new Batch(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetInt32(6)),
                ("$lane", lane), ("$after", after), ("$limit", limit));
        }
    }

    /// <summary>The broker has it: the batch goes, its events count as sent. Confirming twice changes nothing.</summary>
    public void Confirm(long sequence)
    {
        lock (one)
        {
            using var transaction = database.BeginTransaction();
            database.Do("UPDATE agent SET sent = sent + COALESCE((SELECT events FROM batch WHERE sequence = $sequence), 0)", ("$sequence", sequence));
            database.Do("DELETE FROM batch WHERE sequence = $sequence", ("$sequence", sequence));
            transaction.Commit();
        }
    }

    public DeviceMemory? Device(string key) => Memory("key", key);

    public DeviceMemory? DeviceAt(string target) => Memory("target", target);

    public Chain Chain
    {
        get { lock (one) return ReadChain(); }
    }

    public Tally Tally
    {
        get
        {
            lock (one)
                return database.Rows("SELECT sent, (SELECT COALESCE(SUM(events), 0) FROM batch), refused FROM agent", row => new Tally(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single();
        }
    }

    public void Dispose()
    {
        lock (one) database.Dispose();
        held.Dispose();
    }

    private void Store(IReadOnlyList<Draft> drafts, IReadOnlyList<DeviceMemory> memories)
    {
        var chain = ReadChain();
        foreach (var draft in drafts)
        {
            var batch = chain.Next(draft);
            database.Do(
                "INSERT INTO batch VALUES ($sequence, $lane, $key, $body, $previous, $trace, $events)",
                ("$sequence", batch.Sequence), ("$lane", batch.Lane), ("$key", batch.RoutingKey), ("$body", batch.Body), ("$previous", batch.Previous),
                ("$trace", (object?)batch.TraceParent ?? DBNull.Value), ("$events", batch.Events));
            chain = Chain.After(batch);
        }
        database.Do("UPDATE agent SET sequence = $sequence, hash = $hash", ("$sequence", chain.Sequence), ("$hash", chain.Hash));
        foreach (var memory in memories)
            database.Do("INSERT OR REPLACE INTO device VALUES ($key, $target, $memory)", ("$key", memory.Key), ("$target", memory.Target), ("$memory", memory.ToJson()));
    }

    private long BytesKept() => database.Rows("SELECT COALESCE(SUM(LENGTH(body)), 0) FROM batch", row => row.GetInt64(0)).Single();

    private Chain ReadChain() => database.Rows("SELECT sequence, hash FROM agent", row => new Chain(row.GetInt64(0), row.GetString(1))).Single();

    private DeviceMemory? Memory(string column, string value)
    {
        lock (one) return database.Rows($"SELECT memory FROM device WHERE {column} = $value", row => DeviceMemory.FromJson(row.GetString(0)), ("$value", value)).LastOrDefault();
    }
}
