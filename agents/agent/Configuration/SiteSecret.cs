using System.Security.Cryptography;
using System.Text;

namespace Fleet.Agent.Configuration;

/// <summary>What the agents of one site share (<see cref="AgentConfig.SiteSecretFile"/>).</summary>
public static class SiteSecret
{
    private const int Shortest = 16;

    /// <returns>32 bytes made of it; null when the configuration names no file.</returns>
    /// <exception cref="ConfigException">No such file, or what is in it can be guessed.</exception>
    public static byte[]? Of(AgentConfig config)
    {
        if (config.SiteSecretFile is not { } file) return null;
        try
        {
            return File.ReadAllText(file).Trim() is { Length: >= Shortest } secret
                ? SHA256.HashData(Encoding.UTF8.GetBytes(secret))
                : throw new ConfigException($"siteSecretFile: what is in {file} is shorter than {Shortest} characters; an address could be guessed from its name");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"siteSecretFile: {unreadable.Message}");
        }
    }
}
