using System.Text;

namespace Fleet.Agent.Spooling;

/// <summary>A file that only the agent's user may read, and that is there whole or as it was before.</summary>
internal static class OwnFile
{
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string file, string text)
    {
        var half = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(half);      // one left behind would keep the rights it has
        using (var stream = new FileStream(half, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(half, file, overwrite: true);
    }
}
