using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// events of this append, and events that came in without Fleet's lock -> fold -> rows, position, what is still missing
/// <summary>
/// Inline views under the append lock. Events of writers that do not know of them (Marten) are folded by the next append or by
/// the daemon: the view's position tells how far it is, its gaps which numbers below were not there yet.
/// </summary>
internal sealed class InlineViews(DocumentStore store)
{
    private sealed record State(long Position, List<SequenceRange> Gaps);

    private readonly string[] checkpoints = [.. store.InlineTables.Select(Checkpoint)];

    /// <summary>Folds this append's events (none: only what others left) into all inline views, in the caller's transaction.</summary>
    /// <exception cref="InlineViewMovedException">Another version of a view owns its table now.</exception>
    public async Task FoldAsync(NpgsqlConnection connection, IReadOnlyList<IEvent> own, CancellationToken ct)
    {
        var settled = store.HighWater.Mark; // known before anything is read: a number missing below it will never be an event
        var states = await StatesAsync(connection, ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var table in store.InlineTables)
        {
            if (!states.TryGetValue(Checkpoint(table), out var state)) throw new InlineViewMovedException();
            var upTo = own.Count > 0 ? Math.Max(own[^1].Sequence, state.Position) : Math.Max(settled, state.Position);
            var open = SequenceRange.Missing(state.Position, upTo, own.Select(e => e.Sequence));
            open.AddRange(state.Gaps);
            var events = own;
            if (open.Count > 0)
            {
                var late = await LateAsync(connection, open, ct);
                events = [.. late.Concat(own).OrderBy(e => e.Sequence)];
                open = SequenceRange.Without(open, [.. late.Select(e => e.Sequence)]);
            }
            foreach (var command in await new RowFold(table, table.View.Name).FoldAsync(connection, events, ct)) batch.BatchCommands.Add(command);
            foreach (var command in Progress(table, upTo, [.. open.Where(gap => gap.To > settled)], hadGaps: state.Gaps.Count > 0)) batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Whether events or settled gaps wait that no append has folded.</summary>
    public async Task<bool> IsBehindAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var settled = store.HighWater.Mark;
        return (await StatesAsync(connection, ct)).Values.Any(state => state.Position < settled || state.Gaps.Any(gap => gap.From <= settled));
    }

    /// <summary>Where a view now stands, and what it has not seen below.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Progress(ViewTable table, long position, IReadOnlyCollection<SequenceRange> gaps, bool hadGaps)
    {
        var name = Checkpoint(table);
        yield return new NpgsqlBatchCommand("update mt_event_progression set last_seq_id = $2, last_updated = now() where name = $1")
        {
            Parameters = { new() { Value = name }, new() { Value = position } },
        };
        if (hadGaps) yield return new NpgsqlBatchCommand("delete from fleet_gap where name = $1") { Parameters = { new() { Value = name } } };
        if (gaps.Count > 0)
            yield return new NpgsqlBatchCommand("insert into fleet_gap (name, seq_from, seq_to) select $1, * from unnest($2, $3)")
            {
                Parameters =
                {
                    new() { Value = name },
                    Appender.Values(NpgsqlDbType.Bigint, gaps, gap => gap.From),
                    Appender.Values(NpgsqlDbType.Bigint, gaps, gap => gap.To),
                },
            };
    }

    private async Task<Dictionary<string, State>> StatesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select p.name, p.last_seq_id, g.seq_from, g.seq_to from mt_event_progression p left join fleet_gap g on g.name = p.name where p.name = any ($1)
            """, connection) { Parameters = { new() { Value = checkpoints } } };
        var states = new Dictionary<string, State>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (!states.TryGetValue(row.GetString(0), out var state)) states.Add(row.GetString(0), state = new State(row.GetInt64(1), []));
            if (!row.IsDBNull(2)) state.Gaps.Add(new SequenceRange(row.GetInt64(2), row.GetInt64(3)));
        }
        return states;
    }

    private async Task<List<IEvent>> LateAsync(NpgsqlConnection connection, List<SequenceRange> ranges, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {EventRows.Columns} from unnest($1, $2) as r (a, b) join mt_events on seq_id between a and b order by seq_id", connection)
        {
            Parameters =
            {
                Appender.Values(NpgsqlDbType.Bigint, ranges, range => range.From),
                Appender.Values(NpgsqlDbType.Bigint, ranges, range => range.To),
            },
        };
        return await EventRows.ReadAsync(command, store.Types, ct);
    }

    private static string Checkpoint(ViewTable table) => Names.Checkpoint(table.View, table.View.Version, 0);
}
