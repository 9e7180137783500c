namespace Fleet.Agent.Spooling;

/// <summary>
/// The tables of <c>agent.db</c>. A row of <c>entry</c> is an event without a batch; a row of <c>batch</c> is a batch the broker has not confirmed. Confirming deletes it.
/// <c>held</c> is what both hold together: kept by triggers, so in the transaction of each change and forgotten by none, and counted anew when the spool is opened.
/// </summary>
internal static class SpoolSchema
{
    // WAL with FULL: a commit has reached the disk when it returns.
    public const string Sql = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA busy_timeout = 5000;
        CREATE TABLE IF NOT EXISTS entry (
            number INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT NOT NULL, type TEXT NOT NULL, rank INTEGER NOT NULL, device TEXT,
            at INTEGER NOT NULL, event BLOB NOT NULL, traceparent TEXT) STRICT;
        CREATE INDEX IF NOT EXISTS entry_lane ON entry (lane, number);
        CREATE INDEX IF NOT EXISTS entry_rank ON entry (rank, number);
        CREATE TABLE IF NOT EXISTS batch (
            sequence INTEGER PRIMARY KEY, lane TEXT NOT NULL, routing_key TEXT NOT NULL, body BLOB NOT NULL,
            previous TEXT NOT NULL, traceparent TEXT, events INTEGER NOT NULL, key_id TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS batch_lane ON batch (lane, sequence);
        CREATE TABLE IF NOT EXISTS agent (
            one INTEGER PRIMARY KEY CHECK (one = 1), agent_id TEXT NOT NULL, salt BLOB NOT NULL,
            sequence INTEGER NOT NULL DEFAULT 0, hash TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE IF NOT EXISTS device (key TEXT PRIMARY KEY, target TEXT NOT NULL, memory TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS device_target ON device (target);
        CREATE INDEX IF NOT EXISTS entry_at ON entry (at);
        CREATE TABLE IF NOT EXISTS held (one INTEGER PRIMARY KEY CHECK (one = 1), events INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
        CREATE TRIGGER IF NOT EXISTS entry_in AFTER INSERT ON entry BEGIN UPDATE held SET events = events + 1, bytes = bytes + LENGTH(NEW.event); END;
        CREATE TRIGGER IF NOT EXISTS entry_out AFTER DELETE ON entry BEGIN UPDATE held SET events = events - 1, bytes = bytes - LENGTH(OLD.event); END;
        CREATE TRIGGER IF NOT EXISTS batch_in AFTER INSERT ON batch BEGIN UPDATE held SET events = events + NEW.events, bytes = bytes + LENGTH(NEW.body); END;
        CREATE TRIGGER IF NOT EXISTS batch_out AFTER DELETE ON batch BEGIN UPDATE held SET events = events - OLD.events, bytes = bytes - LENGTH(OLD.body); END;
        """;

    /// <summary>Counts what is held: an agent of an earlier version may have written without keeping the totals.</summary>
    public const string Count = """
        INSERT OR REPLACE INTO held VALUES (1,
            (SELECT COALESCE(SUM(events), 0) FROM batch) + (SELECT COUNT(*) FROM entry),
            (SELECT COALESCE(SUM(LENGTH(body)), 0) FROM batch) + (SELECT COALESCE(SUM(LENGTH(event)), 0) FROM entry))
        """;
}
