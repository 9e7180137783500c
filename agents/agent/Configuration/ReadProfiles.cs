using Fleet.Printers;

namespace Fleet.Agent.Configuration;

/// <summary>The profiles to read with: the agent's own, and a folder's on top.</summary>
public static class ReadProfiles
{
    /// <exception cref="ConfigException">The folder cannot be read, or a file of it is wrong: named by file, line and member.</exception>
    public static Profiles From(string? folder)
    {
        try
        {
            return folder is null ? Profiles.BuiltIn : Profiles.WithFolder(folder);
        }
        catch (ProfileException wrong)
        {
            throw new ConfigException($"profiles: {wrong.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"profiles: {unreadable.Message}");
        }
    }
}
