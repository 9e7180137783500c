using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>A key and since when it signs.</summary>
public sealed record DatedKey(DateTimeOffset From, Es256Key Key);

/// <summary>
/// The keys of an issuer, one of which signs now. They are files: the setting names the first one (<c>signing-key.pem</c>), and beside it lie its successors, each named by the moment it begins to sign, in UTC
/// (<c>signing-key.20261201T090000Z.pem</c>). One that is put there is known within half a minute, without a restart, and published at once: by the time it signs, whoever verifies has heard of it.
/// </summary>
public sealed class KeyRing
{
    /// <summary>How long a new key is to be published before it signs: verifiers look every five minutes.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(15);

    /// <summary>How long a key is published after its successor began to sign: twenty minutes the last token lives, and ten for clocks and caches.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromMinutes(30);

    /// <summary>How a successor's file is named, between the first one's name and its ending.</summary>
    public const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DatedKey?> _files = new(StringComparer.Ordinal);
    private readonly string _first;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private IReadOnlyList<DatedKey> _keys;
    private DateTimeOffset _looked;

    private KeyRing(string file, Es256Key first, TimeProvider clock, ILogger log)
    {
        (_first, _clock, _log, _keys) = (file, clock, log, [new(DateTimeOffset.MinValue, first)]);
        _files[file] = _keys[0];
    }

    /// <exception cref="InvalidOperationException">As <see cref="Es256Key.Open"/>, of the first key. A successor that cannot be read is logged and left alone.</exception>
    public static KeyRing Open(IConfiguration settings, string setting, TimeProvider clock, ILoggerFactory logs) =>
        new(Path.GetFullPath(settings[setting] ?? "."), Es256Key.Open(settings, setting), clock, logs.CreateLogger<KeyRing>());

    /// <summary>The key that signs now.</summary>
    public Es256Key Signing => SigningAt(Known(), _clock.GetUtcNow());

    /// <summary>The public halves of what signs, will sign, or has signed what may still hold.</summary>
    public KeySet Published => new([.. PublishedAt(Known(), _clock.GetUtcNow()).SelectMany(key => key.Published.Keys)]);

    /// <param name="keys">By <see cref="DatedKey.From"/>; the first signs from the beginning.</param>
    public static Es256Key SigningAt(IReadOnlyList<DatedKey> keys, DateTimeOffset now) => keys.Last(key => key.From <= now || key == keys[0]).Key;

    /// <inheritdoc cref="SigningAt"/>
    public static IEnumerable<Es256Key> PublishedAt(IReadOnlyList<DatedKey> keys, DateTimeOffset now) =>
        keys.Where((_, place) => place == keys.Count - 1 || now < keys[place + 1].From + Behind).Select(key => key.Key);

    private IReadOnlyList<DatedKey> Known()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            if (now - _looked < Look)
                return _keys;
            _looked = now;
            foreach (var file in Successors())
                if (!_files.ContainsKey(file))
                    _files[file] = Read(file);
            return _keys = [.. _files.Where(file => file.Key == _first || File.Exists(file.Key)).Select(file => file.Value).OfType<DatedKey>().OrderBy(key => key.From)];
        }
    }

    private IEnumerable<string> Successors() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(_first)!, $"{Path.GetFileNameWithoutExtension(_first)}.*Z{Path.GetExtension(_first)}");

    private DatedKey? Read(string file)
    {
        var moment = Path.GetFileNameWithoutExtension(file)[(Path.GetFileNameWithoutExtension(_first).Length + 1)..];
        try
        {
            if (!DateTimeOffset.TryParseExact(moment, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from))
                throw new FormatException($"'{moment}' is no moment, as 20261201T090000Z is");
            var key = Es256Key.Of(File.ReadAllText(file));
            _log.LogInformation("Key {KeyId} signs from {From:u} on", key.Id, from);
            return new(from, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or FormatException)
        {
            _log.LogError("Key file {File} is left alone: {Reason}", file, e.Message);
            return null;
        }
    }
}
