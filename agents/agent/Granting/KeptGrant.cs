using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Granting;

// signed grant -> grant.json -> the grant a restart without the consent service goes by

/// <summary>The grant on disk, as it was signed. Whoever reads it checks it anew.</summary>
/// <param name="file">In the state directory.</param>
internal sealed class KeptGrant(string file)
{
    /// <returns>What an earlier run kept, null when there is none; or why it cannot be read.</returns>
    public async Task<(SignedGrant? Grant, string? Trouble)> ReadAsync(CancellationToken cancel)
    {
        if (!File.Exists(file)) return (null, null);
        try
        {
            var kept = JsonSerializer.Deserialize(await File.ReadAllTextAsync(file, cancel), KeptGrantJson.Default.SignedGrant);
            return kept is null ? (null, $"{file}: it holds no grant") : (kept, null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"{file}: {unreadable.Message}");
        }
    }

    /// <returns>Why it could not be kept; null when it is.</returns>
    public string? Write(SignedGrant signed)
    {
        try
        {
            OwnFile.Write(file, JsonSerializer.Serialize(signed, KeptGrantJson.Default.SignedGrant));
            return null;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            return $"the grant cannot be kept over a restart: {full.Message}";
        }
    }

    /// <returns>Why it is still there; null when it is gone.</returns>
    public string? Delete()
    {
        try
        {
            File.Delete(file);
            return null;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return $"the grant of before cannot be deleted, so a restart without the consent service would go by it: {denied.Message}";
        }
    }
}

[JsonSerializable(typeof(SignedGrant))]
internal sealed partial class KeptGrantJson : JsonSerializerContext;
