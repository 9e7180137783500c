using Npgsql;

namespace Fleet.EventStore;

/// <summary>
/// Session advisory locks on one connection of their own: one per view or subscription this process leads.
/// The connection is the leadership; when it is gone, so are all of them.
/// </summary>
internal sealed class Leadership(DocumentStore store) : IAsyncDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private NpgsqlConnection? connection;
    private CancellationTokenSource lost = new();

    /// <summary>A token that is cancelled when the leadership is lost; null when another process leads.</summary>
    public async Task<CancellationToken?> TryLeadAsync(string purpose, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            connection ??= await store.LeaderSource.OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = Names.Lock(store.Options.Schema, purpose) } },
            };
            return (bool)(await command.ExecuteScalarAsync(ct))! ? lost.Token : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await LoseAsync();
            throw;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public async Task ResignAsync(string purpose, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            if (connection is null) return;
            await using var command = new NpgsqlCommand("select pg_advisory_unlock($1)", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = Names.Lock(store.Options.Schema, purpose) } },
            };
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException)
        {
            await LoseAsync();
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Asks the connection whether it still lives.</summary>
    public async Task CheckAsync(CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            if (connection is null) return;
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await LoseAsync();
            throw;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task LoseAsync()
    {
        var (wasLost, wasConnection) = (lost, connection);
        (lost, connection) = (new CancellationTokenSource(), null);
        await wasLost.CancelAsync();
        if (wasConnection is not null) await wasConnection.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await LoseAsync();
        lost.Dispose();
        oneAtATime.Dispose();
    }
}
