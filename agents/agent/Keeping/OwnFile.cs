using System.Text;

namespace Fleet.Agent.Keeping;

/// <summary>A file of the state directory: only the agent's user may read it.</summary>
internal static class OwnFile
{
    /// <summary>Writes it whole: it is there as it is meant to be or as it was before, also after kill −9 or a power failure.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string file, string text)
    {
        var half = file + ".new";
        File.Delete(half);      // one left behind would keep the rights it has
        using (var stream = Open(half, FileMode.CreateNew))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(half, file, overwrite: true);
    }

    /// <summary>Opens it for writing. One that is made by that is its own user's; one that is there keeps the rights it has.</summary>
    public static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(file, options);
    }

    /// <summary>Its own user's from now on, made empty where there is none: for what another program part writes, which would leave it to the umask.</summary>
    public static void Claim(string file)
    {
        if (OperatingSystem.IsWindows()) return;
        Open(file, FileMode.OpenOrCreate).Dispose();
        try
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception foreign) when (foreign is IOException or UnauthorizedAccessException)
        {
            // a file system without such rights, or somebody else's file: it could be written all the same
        }
    }
}
