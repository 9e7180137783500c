using Npgsql;

namespace Fleet.EventStore;

/// <summary>A row with what names it.</summary>
public sealed record Keyed<TRow>(string TenantId, string Key, TRow Row);

/// <summary>
/// Reads views as the reader role: rows of the session's tenants exist, all others do not (row-level security).
/// In SQL text <c>{table}</c> stands for the view's table, <c>{name}</c> for the table of the view of that name.
/// </summary>
public sealed class QuerySession : IAsyncDisposable
{
    private readonly DocumentStore store;
    private readonly string tenants;
    private NpgsqlConnection? connection;

    internal QuerySession(DocumentStore store, IReadOnlyCollection<string> tenantIds)
    {
        if (tenantIds.FirstOrDefault(t => t.Length == 0 || t.Contains(',', StringComparison.Ordinal)) is { } wrong)
            throw new ArgumentException($"Not a tenant id: '{wrong}'", nameof(tenantIds));
        (this.store, tenants) = (store, string.Join(',', tenantIds));
    }

    /// <summary>The row under a key, or null.</summary>
    public async Task<TRow?> LoadAsync<TRow>(string tenantId, string key, CancellationToken ct = default) where TRow : class =>
        (await QueryAsync<TRow>("where v.tenant_id = @tenantId and v.key = @key", new { tenantId, key }, ct)).SingleOrDefault();

    /// <param name="where">What follows the select: <c>where site_id = @site order by key limit 50</c>.</param>
    /// <param name="parameters">An object whose properties are the <c>@names</c>, or a dictionary.</param>
    public async Task<IReadOnlyList<TRow>> QueryAsync<TRow>(string where = "", object? parameters = null, CancellationToken ct = default) where TRow : class =>
        [.. (await QueryKeyedAsync<TRow>(where, parameters, ct)).Select(row => row.Row)];

    /// <inheritdoc cref="QueryAsync{TRow}"/>
    public async Task<IReadOnlyList<Keyed<TRow>>> QueryKeyedAsync<TRow>(
        string where = "", object? parameters = null, CancellationToken ct = default) where TRow : class
    {
        var view = store.TableOf(typeof(TRow));
        var sql = $"select {view.SelectList} from {{table}} v {where}".Replace("{table}", view.View.Name, StringComparison.Ordinal);
        var rows = new List<Keyed<TRow>>();
        await ReadAsync(sql, parameters, row => rows.Add(new Keyed<TRow>(row.GetString(0), row.GetString(1), (TRow)view.Read(row))), ct);
        return rows;
    }

    /// <summary>The first column of the first row, or default.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null, CancellationToken ct = default)
    {
        T? value = default;
        var first = true;
        await ReadAsync(sql, parameters, row =>
        {
            if (first && !row.IsDBNull(0)) value = row.GetFieldValue<T>(0);
            first = false;
        }, ct);
        return value;
    }

    private async Task ReadAsync(string sql, object? parameters, Action<NpgsqlDataReader> read, CancellationToken ct)
    {
        connection ??= await store.Reader.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select set_config('fleet.tenants', $1, true)") { Parameters = { new() { Value = tenants } } },
                Parameters.Command(store.WithTables(sql), parameters),
            },
        };
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct)) read(reader);
        }
        await transaction.CommitAsync(ct);
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
