using Npgsql;

namespace Fleet.EventStore;

// settled sequence -> events no append has folded -> InlineViews, under the append lock
/// <summary>Brings inline views up to events of writers that do not know of them. With Fleet's own appends there is nothing to do.</summary>
internal sealed class InlineShard(DocumentStore store) : IShard
{
    public string Name => "inline";
    public string Purpose => "inline";

    public async Task LeadAsync(Tenure tenure)
    {
        var seen = 0L;
        var failed = true;
        while (true)
        {
            seen = await store.HighWater.WaitBeyondAsync(seen, tenure.Ending);
            await using var connection = await store.Source.OpenConnectionAsync(tenure.Over);
            if (await store.Inline.IsBehindAsync(connection, tenure.Over)) await CatchUpAsync(connection, tenure.Over);
            if (failed) await Failures.ClearAsync(connection, Name, tenure.Over);
            failed = false;
        }
    }

    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection))
        {
            command.Parameters.Add(new() { Value = store.AppendLock });
            await command.ExecuteNonQueryAsync(ct);
        }
        await store.Inline.FoldAsync(connection, [], ct);
        await transaction.CommitAsync(ct);
    }
}
