namespace Fleet.Cli.Local;

/// <summary>Files nobody else may read, replaced whole or not at all.</summary>
public static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode DirectoryMode = Mode | UnixFileMode.UserExecute;

    public static void Write(string path, string text)
    {
        var temporary = path + ".new";
        using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Mode }))
        {
            File.SetUnixFileMode(temporary, Mode); // a file left by a killed run keeps its old mode otherwise
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What the file holds; made and kept when it is not there yet.</summary>
    public static string ReadOrCreate(string path, Func<string> make)
    {
        if (!File.Exists(path))
            Write(path, make());
        return File.ReadAllText(path);
    }

    public static string CreateDirectory(string path)
    {
        Directory.CreateDirectory(path, DirectoryMode);
        return path;
    }
}
