using System.Text;

namespace Fleet.Agent.Keeping;

/// <summary>A file of the state directory: only the agent's user may read it, and it is there whole or as it was before, also after kill −9 or a power failure.</summary>
internal static class OwnFile
{
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string file, string text)
    {
        var half = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
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
