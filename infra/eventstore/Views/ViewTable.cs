using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>A view's table: its columns, its definition, its rows in and out.</summary>
internal sealed class ViewTable
{
    // The store's own two columns may also be parameters of the row; then they are read from the table and never written from the row.
    private static readonly string[] Owned = ["tenant_id", "key"];
    private readonly List<Column> columns = [];
    private readonly List<Func<NpgsqlDataReader, object?>> arguments = [];
    private readonly Func<object?[], object> construct;

    public ViewTable(IView view, JsonSerializerOptions json)
    {
        View = view;
        Names.Checked(view.Name);
        var constructor = view.RowType.GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new ArgumentException($"{view.RowType} has no public constructor");
        foreach (var parameter in constructor.GetParameters())
        {
            var property = view.RowType.GetProperty(parameter.Name!)
                ?? throw new ArgumentException($"{view.RowType}.{parameter.Name} is no property");
            var column = Column.For(parameter, property, json);
            if (System.Array.IndexOf(Owned, column.Name) is >= 0 and var owned)
            {
                arguments.Add(row => row.GetString(owned));
                continue;
            }
            var ordinal = Owned.Length + columns.Count;
            columns.Add(column);
            arguments.Add(row => column.Read(row, ordinal));
        }
        construct = Construct(constructor);
    }

    public IView View { get; }

    /// <summary>Everything that makes the table what it is; another shape under the same version is rebuilt too.</summary>
    public string Shape => string.Join(", ", columns.Select(c => c.Ddl).Concat(View.Indexes.Select(i => $"index ({i})")));

    public string SelectList => string.Join(", ", Owned.Concat(columns.Select(c => c.Name)).Select(name => $"v.\"{name}\""));

    public string Ddl(string table, string reader) => $"""
        create table {table} (
            tenant_id varchar not null,
            key varchar not null,
        {string.Concat(columns.Select(c => $"    {c.Ddl},\n"))}    primary key (tenant_id, key)
        ) with (fillfactor = 80);
        {string.Concat(View.Indexes.Select(i => $"create index on {table} (tenant_id, {i});\n"))}alter table {table} enable row level security;
        create policy fleet_tenants on {table} for select using (tenant_id = any (string_to_array(current_setting('fleet.tenants', true), ',')));
        grant select on {table} to "{reader}";
        """;

    public object Read(NpgsqlDataReader row)
    {
        var values = new object?[arguments.Count];
        for (var i = 0; i < values.Length; i++) values[i] = arguments[i](row);
        return construct(values);
    }

    /// <summary>The rows under <paramref name="keys"/> that exist.</summary>
    public async Task<Dictionary<RowKey, object>> LoadAsync(
        NpgsqlConnection connection, string table, IReadOnlyCollection<RowKey> keys, CancellationToken ct)
    {
        var rows = new Dictionary<RowKey, object>(keys.Count);
        if (keys.Count == 0) return rows;
        await using var command = new NpgsqlCommand(
            $"select {SelectList} from unnest($1, $2) as k (tenant_id, key) join {table} v using (tenant_id, key)", connection);
        AddKeys(command.Parameters, keys);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) rows.Add(new RowKey(reader.GetString(0), reader.GetString(1)), Read(reader));
        return rows;
    }

    public NpgsqlBatchCommand Write(string table, IReadOnlyList<KeyValuePair<RowKey, object>> rows)
    {
        var names = string.Join(", ", Owned.Concat(columns.Select(c => c.Name)).Select(name => $"\"{name}\""));
        var values = string.Join(", ", Enumerable.Range(1, Owned.Length + columns.Count).Select(i => $"${i}"));
        var sets = string.Join(", ", columns.Select(c => $"\"{c.Name}\" = excluded.\"{c.Name}\""));
        var onConflict = View.AppendOnly ? "" : $" on conflict (tenant_id, key) do {(columns.Count == 0 ? "nothing" : $"update set {sets}")}";
        var command = new NpgsqlBatchCommand($"insert into {table} ({names}) select * from unnest({values}){onConflict}");
        AddKeys(command.Parameters, [.. rows.Select(row => row.Key)]);
        var objects = rows.Select(row => row.Value).ToArray();
        foreach (var column in columns) command.Parameters.Add(column.Array(objects));
        return command;
    }

    public static NpgsqlBatchCommand Delete(string table, IReadOnlyCollection<RowKey> keys)
    {
        var command = new NpgsqlBatchCommand(
            $"delete from {table} v using unnest($1, $2) as k (tenant_id, key) where v.tenant_id = k.tenant_id and v.key = k.key");
        AddKeys(command.Parameters, keys);
        return command;
    }

    private static void AddKeys(NpgsqlParameterCollection parameters, IReadOnlyCollection<RowKey> keys)
    {
        parameters.Add(new NpgsqlParameter { Value = keys.Select(k => k.TenantId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        parameters.Add(new NpgsqlParameter { Value = keys.Select(k => k.Key).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
    }

    private static Func<object?[], object> Construct(ConstructorInfo constructor)
    {
        var values = Expression.Parameter(typeof(object?[]));
        var arguments = constructor.GetParameters().Select((p, i) =>
            Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(i)), p.ParameterType));
        return Expression.Lambda<Func<object?[], object>>(Expression.New(constructor, arguments), values).Compile();
    }
}

/// <summary>What names a row of a view.</summary>
internal readonly record struct RowKey(string TenantId, string Key);
