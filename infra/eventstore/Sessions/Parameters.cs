using System.Collections;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>An anonymous object or a dictionary → named parameters.</summary>
internal static class Parameters
{
    public static NpgsqlBatchCommand Command(string sql, object? parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in Pairs(parameters)) command.Parameters.Add(new NpgsqlParameter(name, Value(value)));
        return command;
    }

    private static IEnumerable<(string Name, object? Value)> Pairs(object? parameters) => parameters switch
    {
        null => [],
        IDictionary dictionary => dictionary.Keys.Cast<string>().Select(name => (name, dictionary[name])),
        _ => parameters.GetType().GetProperties().Select(property => (property.Name, property.GetValue(parameters))),
    };

    // The columns hold what Column.For made of these types.
    private static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.ToUniversalTime(),
        Enum name => name.ToString(),
        string or Array => value,
        IReadOnlyCollection<string> texts => texts.ToArray(),
        IReadOnlyCollection<long> numbers => numbers.ToArray(),
        _ => value,
    };
}
