using System.Security.Cryptography;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Keeping;

/// <summary>The state directory cannot be this agent's; the message is one line.</summary>
/// <param name="held">Another agent holds it.</param>
public sealed class StateException(string message, bool held = false) : Exception(message)
{
    public bool IsHeld => held;
}

/// <summary>The directory one agent keeps everything in, held against a second one for as long as it runs.</summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly FileStream held;

    private StateDirectory(FileStream held, AgentKey key) => (this.held, Key) = (held, key);

    public AgentKey Key { get; }

    /// <exception cref="StateException">Another agent holds it, or its key is none.</exception>
    public static StateDirectory Open(string path)
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        else Directory.CreateDirectory(path);
        var held = Hold(path);
        try
        {
            return new(held, AgentKey.Open(path));
        }
        catch (CryptographicException unusable)
        {
            held.Dispose();
            throw new StateException(unusable.Message);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Key.Dispose();
        held.Dispose();
    }

    private static FileStream Hold(string directory)
    {
        var file = Path.Combine(directory, "agent.lock");
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new StateException($"{directory} is in use by another agent", held: true);
        }
    }
}
