using Fleet.Agent.Changes;
using Fleet.Agent.Keeping;
using Fleet.Agent.Signing;
using Fleet.Contracts.Edge.V1;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

// events -> entry (may still make room) -> cut, numbered, chained, signed -> batch (leaves as it is) -> confirm -> row deleted

/// <summary>Whose spool it is, and where its batches go.</summary>
/// <param name="Agent">Its id; a state directory belongs to one.</param>
public sealed record SpoolOwner(string Agent, string Tenant, string Site);

/// <summary>
/// What must survive kill −9: the chain, what has not been confirmed, and what was last said of each device. An event and the memory of having said it are
/// written in one transaction, so a crash either loses both (and the change is seen again) or keeps both.
/// </summary>
public sealed class Spool : IDisposable
{
    private readonly Lock one = new();
    private readonly StateDirectory directory;
    private readonly SqliteConnection database;
    private readonly Batches batches;
    private readonly Limits limits;

    private Spool(StateDirectory directory, SqliteConnection database, SpoolOwner owner, Limits limits) =>
        (this.directory, this.database, this.limits, batches) = (directory, database, limits, new(database, owner, directory.Key));

    /// <summary>Random bytes of this agent, made once: addresses hashed with it name a device without telling where it is.</summary>
    public byte[] Salt { get; private init; } = [];

    public AgentKey Key => directory.Key;

    // Under `one`, like everything: no event slips in between a handing over and its consequences.
    private bool isAnothersTurn;

    /// <param name="freshSalt">Used when the directory is new.</param>
    /// <param name="siteSalt">What the site's agents share, in place of one of this agent's own.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="StateException">It is held by another agent, or belongs to an agent of another id.</exception>
    public static Spool Open(string path, SpoolOwner owner, Limits limits, byte[] freshSalt, byte[]? siteSalt = null)
    {
        var directory = StateDirectory.Open(path);
        SqliteConnection? database = null;
        try
        {
            var file = Path.Combine(path, "agent.db");
            OwnFile.Claim(file);        // SQLite gives what it writes beside it the same rights
            database = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            database.Open();
            database.Do(SpoolSchema.Sql);
            database.Do(SpoolSchema.Count);
            database.Do("INSERT OR IGNORE INTO agent (one, agent_id, salt, hash) VALUES (1, $id, $salt, $hash)", ("$id", owner.Agent), ("$salt", freshSalt), ("$hash", Chain.Start.Hash));
            var (agent, salt) = database.Rows("SELECT agent_id, salt FROM agent", row => (row.GetString(0), row.GetFieldValue<byte[]>(1))).Single();
            if (agent != owner.Agent) throw new StateException($"{path} belongs to agent {agent}, not to {owner.Agent}");
            return new(directory, database, owner, limits) { Salt = siteSalt ?? salt };
        }
        catch
        {
            database?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Stores events together with what they make the agent remember, and makes room for them when there is none.</summary>
    /// <returns>What had to go for it, or was too large for any batch: counted as refused, and no longer remembered as said.</returns>
    public IReadOnlyList<Entry> Accept(IReadOnlyList<Entry> entries, IReadOnlyList<DeviceMemory> memories, DateTimeOffset now)
    {
        lock (one)
        {
            if (isAnothersTurn) (entries, memories) = ([.. entries.Where(entry => entry.Device is null)], []);
            using var transaction = database.BeginTransaction();
            foreach (var memory in memories) Remember(memory);
            foreach (var entry in entries.Where(Fits)) Store(entry, now);
            IReadOnlyList<Entry> dropped = [.. entries.Where(entry => !Fits(entry)), .. Room.Make(database, limits, now)];
            database.Do("UPDATE agent SET refused = refused + $events", ("$events", dropped.Count));
            foreach (var entry in dropped)
                if (entry.Device is { } key && Memory("key", key) is { } memory) Remember(Unsay.From(memory, entry));
            transaction.Commit();
            return dropped;
        }
    }

    /// <summary>Another agent reports from the site: what this one has stored of devices since then and not sent goes, and what is still to come is not taken.</summary>
    /// <returns>How many events went; they count as refused.</returns>
    public int HandOver(DateTimeOffset since)
    {
        lock (one)
        {
            isAnothersTurn = true;
            using var transaction = database.BeginTransaction();
            var dropped = Room.Leave(database, since);
            database.Do("UPDATE agent SET refused = refused + $events", ("$events", dropped));
            transaction.Commit();
            return dropped;
        }
    }

    /// <summary>The site is this agent's again, or for the first time. What it said before, another may have said differently since: it says all of it anew.</summary>
    public void TakeOver()
    {
        lock (one)
        {
            isAnothersTurn = false;
            using var transaction = database.BeginTransaction();
            foreach (var memory in database.Rows("SELECT memory FROM device", row => DeviceMemory.FromJson(row.GetString(0)))) Remember(memory.Unsaid);
            transaction.Commit();
        }
    }

    /// <summary>Batches of a lane behind a number that the broker has not confirmed, oldest first; entries that wait become batches here.</summary>
    public IReadOnlyList<Batch> Waiting(string lane, long after, int limit)
    {
        lock (one)
        {
            var waiting = batches.Behind(lane, after, limit);
            while (waiting.Count < limit && batches.CutNext(lane) is { } batch) waiting.Add(batch);
            return waiting;
        }
    }

    /// <summary>The broker has it: the batch goes, its events count as sent. Confirming twice changes nothing.</summary>
    public void Confirm(long sequence)
    {
        lock (one) batches.Confirm(sequence);
    }

    public DeviceMemory? Device(string key)
    {
        lock (one) return Memory("key", key);
    }

    public DeviceMemory? DeviceAt(string target)
    {
        lock (one) return Memory("target", target);
    }

    public Chain Chain
    {
        get { lock (one) return batches.Chain; }
    }

    public Tally Tally
    {
        get
        {
            lock (one)
                return database.Rows("SELECT sent, (SELECT events FROM held), refused FROM agent", row => new Tally(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single();
        }
    }

    public void Dispose()
    {
        lock (one) database.Dispose();
        directory.Dispose();
    }

    private static bool Fits(Entry entry) => entry.Event.Length + 2 <= EdgeBatch.LargestBody;

    private void Store(Entry entry, DateTimeOffset now) => database.Do(
        "INSERT INTO entry (lane, type, rank, device, at, event, traceparent) VALUES ($lane, $type, $rank, $device, $at, $event, $trace)",
        ("$lane", entry.Lane), ("$type", entry.Type), ("$rank", Room.RankOf(entry.Type)), ("$device", (object?)entry.Device ?? DBNull.Value),
        ("$at", now.ToUnixTimeMilliseconds()), ("$event", entry.Event), ("$trace", (object?)entry.TraceParent ?? DBNull.Value));

    private void Remember(DeviceMemory memory) =>
        database.Do("INSERT OR REPLACE INTO device VALUES ($key, $target, $memory)", ("$key", memory.Key), ("$target", memory.Target), ("$memory", memory.ToJson()));

    private DeviceMemory? Memory(string column, string value) =>
        database.Rows($"SELECT memory FROM device WHERE {column} = $value", row => DeviceMemory.FromJson(row.GetString(0)), ("$value", value)).LastOrDefault();
}
