using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Passwords that are tried first, because many had them: those that came out of breaches. FLEET_BREACHED_PASSWORDS names a file of SHA-1 hashes in hex, one a line and sorted (what follows a colon is not read),
/// or a directory of such files by the first five digits (<c>21BD1</c> or <c>21BD1.txt</c>, lines without those digits), as haveibeenpwned.com gives them out. Without it: a short list of the commonest.
/// </summary>
public sealed class KnownPasswords
{
    private const int Prefix = 5, Digits = 40;

    private static readonly Lazy<FrozenSet<string>> Commonest = new(ReadCommonest);

    private readonly string? _file, _directory;

    private KnownPasswords(string? file, string? directory) => (_file, _directory) = (file, directory);

    public static KnownPasswords Open(IConfiguration settings) => settings["FLEET_BREACHED_PASSWORDS"] switch
    {
        null or "" => new(null, null),
        var path when Directory.Exists(path) => new(null, path),
        var path when File.Exists(path) => new(path, null),
        var path => throw new InvalidOperationException($"FLEET_BREACHED_PASSWORDS, {path}: there is neither a file nor a directory"),
    };

    public async Task<bool> ContainsAsync(string password, CancellationToken cancel)
    {
        if (Commonest.Value.Contains(password.ToLowerInvariant()))
            return true;
#pragma warning disable CA5350 // the lists are made of SHA-1; nothing is protected by it
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        return (_directory is not null && await InDirectoryAsync(hash, cancel)) || (_file is not null && InFile(hash));
    }

    private async Task<bool> InDirectoryAsync(string hash, CancellationToken cancel)
    {
        var file = new[] { hash[..Prefix], hash[..Prefix] + ".txt" }.Select(name => Path.Combine(_directory!, name)).FirstOrDefault(File.Exists);
        return file is not null && (await File.ReadAllLinesAsync(file, cancel)).Any(line => line.AsSpan().Trim() is { Length: >= Digits - Prefix } one && one[..(Digits - Prefix)].Equals(hash.AsSpan(Prefix), StringComparison.OrdinalIgnoreCase));
    }

    // Tens of gigabytes, sorted: halved until the line is found.
    private bool InFile(string hash)
    {
        using var file = new FileStream(_file!, FileMode.Open, FileAccess.Read, FileShare.Read, 256, FileOptions.RandomAccess);
        var (low, high) = (0L, file.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var (start, line) = LineAt(file, middle);
            switch (string.Compare(line.Length < Digits ? line : line[..Digits], hash, StringComparison.OrdinalIgnoreCase))
            {
                case 0: return true;
                case < 0: low = start + line.Length + 1; break;
                default: high = start; break;
            }
        }
        return false;
    }

    // The whole line that holds this byte; without what ends it.
    private static (long Start, string Line) LineAt(FileStream file, long at)
    {
        var start = at;
        for (; start > 0; start--)
        {
            file.Position = start - 1;
            if (file.ReadByte() == '\n')
                break;
        }
        file.Position = start;
        var line = new StringBuilder(Digits + 16);
        for (int one; (one = file.ReadByte()) is not (-1 or '\n');)
            line.Append((char)one);
        return (start, line.ToString());
    }

    private static FrozenSet<string> ReadCommonest()
    {
        using var file = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("commonest.txt")!);
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith('#')).ToFrozenSet(StringComparer.Ordinal);
    }
}
