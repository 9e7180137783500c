using System.Text.Json;
using Fleet.Agent.Changes;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

/// <summary>What was last said of each device, read beside the agent that writes it (WAL): nobody waits for the reader.</summary>
internal sealed class RememberedDevices : IDisposable
{
    private readonly SqliteConnection database;

    /// <exception cref="SqliteException">There is none.</exception>
    public RememberedDevices(string stateDir)
    {
        database = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(stateDir, "agent.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        database.Open();
    }

    /// <summary>By where it is asked. Of several devices that stood there one after the other, the last.</summary>
    public DeviceMemory? At(string target) =>
        database.Rows("SELECT memory FROM device WHERE target = $target ORDER BY rowid", row => DeviceMemory.FromJson(row.GetString(0)), ("$target", target)).LastOrDefault();

    /// <summary>
    /// Those that may have the words somewhere, one after the other: ten thousand devices need no more memory than one, and who has the words nowhere is not read at all.
    /// </summary>
    public IEnumerable<DeviceMemory> With(string words)
    {
        using var command = database.CreateCommand();
        command.CommandText = "SELECT memory FROM device WHERE memory LIKE $words ESCAPE '!' ORDER BY rowid";
        command.Parameters.AddWithValue("$words", $"%{JsonEncodedText.Encode(words).ToString().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%");
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return DeviceMemory.FromJson(reader.GetString(0));
    }

    public void Dispose() => database.Dispose();
}
