using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Cli.Packing;

/// <summary>Files → a .tar.gz that is the same whenever they are: sorted, owned by root, of one given age, with their SHA-256 sums.</summary>
internal static class Archive
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="folder">The one folder everything lies in.</param>
    public static (string File, long Bytes, string Sha256) Write(string file, string folder, IReadOnlyDictionary<string, byte[]> files, DateTimeOffset changed)
    {
        var sums = string.Concat(files.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{Convert.ToHexStringLower(SHA256.HashData(one.Value))}  {one.Key}\n"));
        using (var tar = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.Optimal), TarEntryFormat.Ustar))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, $"{folder}/") { Mode = Runnable, ModificationTime = changed });
            foreach (var (name, bytes) in files.Append(new("SHA256SUMS", Encoding.ASCII.GetBytes(sums))).OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                using var content = new MemoryStream(bytes);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{folder}/{name}") { Mode = IsRun(name) ? Runnable : Readable, ModificationTime = changed, DataStream = content });
            }
        }
        using var written = File.OpenRead(file);
        var sum = Convert.ToHexStringLower(SHA256.HashData(written));
        File.WriteAllText($"{file}.sha256", $"{sum}  {Path.GetFileName(file)}\n");
        return (file, written.Length, sum);
    }

    private static bool IsRun(string name) => name == "fleet-agent" || Path.GetExtension(name) is ".exe" or ".sh";
}
