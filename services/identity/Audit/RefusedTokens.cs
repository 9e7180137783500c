using Fleet.Identity.People;

namespace Fleet.Identity.Audit;

/// <summary>Whom a token is refused, and for which error.</summary>
/// <param name="Client">Null for all that are not registered, and for those beyond the bound.</param>
public sealed record RefusedToken(string? Client, Home Home, string? Grant, string Error);

/// <summary>
/// Refused tokens: the first of a client and an error is due at once, those that follow within a minute are counted until it is over. Who was not refused for a minute is forgotten; beyond a thousand clients
/// in a minute all further ones are counted as strangers are.
/// </summary>
public sealed class RefusedTokens(int most = 1_000)
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Client, string Error), Entry> _entries = [];

    private sealed record Entry(RefusedToken Last, DateTimeOffset Written, int Since);

    public int Remembered
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <returns>What is to be written now, and how often it was; null: it is counted.</returns>
    public (RefusedToken Refused, int Times)? Add(RefusedToken refused, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey((refused.Client, refused.Error)) && _entries.Count >= most)
                refused = refused with { Client = null, Home = Home.Platform };
            var before = _entries.GetValueOrDefault((refused.Client, refused.Error));
            var isDue = before is null || now - before.Written >= Between;
            var times = (before?.Since ?? 0) + 1;
            _entries[(refused.Client, refused.Error)] = new(refused, isDue ? now : before!.Written, isDue ? 0 : times);
            return isDue ? (refused, times) : null;
        }
    }

    /// <summary>Counted, and not told by anything that came later.</summary>
    /// <param name="all">At the stop: also those whose minute is not over.</param>
    public IReadOnlyList<(RefusedToken Refused, int Times)> Left(DateTimeOffset now, bool all)
    {
        lock (_gate)
        {
            var over = _entries.Where(entry => all || now - entry.Value.Written >= Between).ToList();
            foreach (var (key, entry) in over)
                if (entry.Since == 0)
                    _entries.Remove(key);
                else
                    _entries[key] = entry with { Written = now, Since = 0 };
            return [.. over.Where(entry => entry.Value.Since > 0).Select(entry => (entry.Value.Last, entry.Value.Since))];
        }
    }

    /// <summary>It could not be written: it is counted on.</summary>
    public void Return(RefusedToken refused, int times)
    {
        lock (_gate)
            if (_entries.GetValueOrDefault((refused.Client, refused.Error)) is { } entry)
                _entries[(refused.Client, refused.Error)] = entry with { Since = entry.Since + times };
            else
                _entries[(refused.Client, refused.Error)] = new(refused, DateTimeOffset.MinValue, times);
    }
}
