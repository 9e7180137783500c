using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>One column of a view: a parameter of the row's primary constructor.</summary>
internal abstract class Column(string name, string sqlType, bool nullable)
{
    public string Name => name;
    public string Ddl => $"\"{name}\" {sqlType}{(nullable ? "" : " not null")}";

    /// <summary>All values of this column for <paramref name="rows"/>, as one array parameter.</summary>
    public abstract NpgsqlParameter Array(IReadOnlyList<object> rows);

    public abstract object? Read(NpgsqlDataReader row, int ordinal);

    public static Column For(ParameterInfo parameter, PropertyInfo property, JsonSerializerOptions json)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
        var type = parameter.ParameterType;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var nullable = !type.IsValueType || bare != type;
        var row = Expression.Parameter(typeof(object));
        var get = Expression.Lambda<Func<object, object?>>(
            Expression.Convert(Expression.Property(Expression.Convert(row, property.DeclaringType!), property), typeof(object)), row).Compile();

        Column Plain<T>(string sql, NpgsqlDbType db) => new Column<T>(name, sql, nullable, db, row => (T?)get(row), (r, i) => r.GetFieldValue<T>(i));
        if (bare == typeof(string)) return Plain<string>("text", NpgsqlDbType.Text);
        if (bare == typeof(long)) return Plain<long?>("bigint", NpgsqlDbType.Bigint);
        if (bare == typeof(int)) return Plain<int?>("integer", NpgsqlDbType.Integer);
        if (bare == typeof(bool)) return Plain<bool?>("boolean", NpgsqlDbType.Boolean);
        if (bare == typeof(decimal)) return Plain<decimal?>("numeric", NpgsqlDbType.Numeric);
        if (bare == typeof(double)) return Plain<double?>("double precision", NpgsqlDbType.Double);
        if (bare == typeof(Guid)) return Plain<Guid?>("uuid", NpgsqlDbType.Uuid);
        if (bare == typeof(byte[])) return Plain<byte[]>("bytea", NpgsqlDbType.Bytea);
        if (bare == typeof(DateOnly)) return Plain<DateOnly?>("date", NpgsqlDbType.Date);
        if (bare == typeof(DateTimeOffset))
            return new Column<DateTimeOffset?>(name, "timestamptz", nullable, NpgsqlDbType.TimestampTz,
                row => ((DateTimeOffset?)get(row))?.ToUniversalTime(), (r, i) => r.GetFieldValue<DateTimeOffset>(i));
        if (bare.IsEnum)
            return new Column<string>(name, "text", nullable, NpgsqlDbType.Text, row => get(row)?.ToString(), (r, i) => Enum.Parse(bare, r.GetString(i)));
        return new Column<string>(name, "jsonb", nullable, NpgsqlDbType.Jsonb,
            row => get(row) is { } value ? JsonSerializer.Serialize(value, type, json) : null,
            (r, i) => JsonSerializer.Deserialize(r.GetString(i), type, json));
    }
}

internal sealed class Column<T>(
    string name, string sqlType, bool nullable, NpgsqlDbType dbType, Func<object, T?> get, Func<NpgsqlDataReader, int, object?> read)
    : Column(name, sqlType, nullable)
{
    public override NpgsqlParameter Array(IReadOnlyList<object> rows)
    {
        var values = new T?[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = get(rows[i]);
        return new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | dbType };
    }

    public override object? Read(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : read(row, ordinal);
}
