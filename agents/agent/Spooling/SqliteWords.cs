using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

/// <summary>SQL with named values in one line.</summary>
internal static class SqliteWords
{
    public static void Do(this SqliteConnection database, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(database, sql, values);
        command.ExecuteNonQuery();
    }

    public static List<T> Rows<T>(this SqliteConnection database, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(database, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection database, string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = database.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this folder; values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
