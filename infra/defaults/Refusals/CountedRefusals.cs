namespace Fleet.Defaults;

/// <summary>What makes two refusals the same one, told twice.</summary>
/// <param name="By">Null: several callers.</param>
public sealed record RefusalKey(House House, string Kind, string? By, string? Role, string Problem, string? Missing = null, string? AskedTenant = null, string? Route = null)
{
    /// <summary>The problem of what is only counted, not kept apart.</summary>
    public const string Others = "others";

    public RefusalKey OthersOfCaller => new(House, Kind, By, Role, Others);

    public RefusalKey OthersOfHouse => new(House, Kind, null, null, Others);
}

/// <summary>
/// Refusals since they were last taken, like with like. A caller fills ten entries, all callers a thousand; what comes beyond is counted in one entry of the caller, or of its house. So nobody floods the
/// trail, nobody hides another's refusals behind his own, and none is lost. (Houses come out of signed tokens: there are no more than there are.)
/// </summary>
public sealed class CountedRefusals(int perCaller = CountedRefusals.PerCaller, int most = CountedRefusals.Most)
{
    public const int PerCaller = 10, Most = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<RefusalKey, Span> _spans = [];
    private readonly Dictionary<(House House, string? By), int> _ofCaller = [];

    private readonly record struct Span(int Times, DateTimeOffset First, DateTimeOffset Last);

    public void Add(RefusalKey key, DateTimeOffset at) => Add(key, 1, at, at);

    /// <summary>The same for what was counted before and could not be written.</summary>
    public void Add(RefusalKey key, int times, DateTimeOffset first, DateTimeOffset last)
    {
        lock (_gate)
        {
            var entry = EntryOf(key);
            if (!_spans.TryGetValue(entry, out var span))
            {
                span = new(0, first, last);
                _ofCaller[(key.House, key.By)] = OfCaller(key) + 1;
            }
            _spans[entry] = new((int)Math.Min(int.MaxValue, (long)span.Times + times), first < span.First ? first : span.First, last > span.Last ? last : span.Last);
        }
    }

    /// <summary>All there is; from then on it is counted anew.</summary>
    public IReadOnlyList<(RefusalKey Key, int Times, DateTimeOffset First, DateTimeOffset Last)> Take()
    {
        lock (_gate)
        {
            var taken = _spans.Select(one => (one.Key, one.Value.Times, one.Value.First, one.Value.Last)).ToList();
            _spans.Clear();
            _ofCaller.Clear();
            return taken;
        }
    }

    private RefusalKey EntryOf(RefusalKey key) =>
        _spans.ContainsKey(key) || (OfCaller(key) < perCaller && _spans.Count < most) ? key
        : _spans.ContainsKey(key.OthersOfCaller) || _spans.Count < most ? key.OthersOfCaller
        : key.OthersOfHouse;

    private int OfCaller(RefusalKey key) => _ofCaller.GetValueOrDefault((key.House, key.By));
}
