using System.Diagnostics.CodeAnalysis;

namespace Fleet.Snmp;

/// <summary>
/// Keeps at least the last <paramref name="size"/> entries used and never more than twice as many: what is used moves into the young half; when
/// that is full it becomes the old half, and what was old and unused is gone. Safe on several threads.
/// </summary>
internal sealed class RecentlyUsed<TKey, TValue>(int size) where TKey : notnull
{
    private readonly Lock gate = new();
    private Dictionary<TKey, TValue> young = [], old = [];

    public int Count
    {
        get { lock (gate) return young.Count + old.Count; }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (gate)
        {
            if (young.TryGetValue(key, out value)) return true;
            if (!old.Remove(key, out value)) return false;
            Put(key, value);
            return true;
        }
    }

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (gate)
        {
            if (TryGet(key, out var value)) return value;
            Put(key, value = make(key));
            return value;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (gate)
        {
            old.Remove(key);
            Put(key, value);
        }
    }

    public void Remove(TKey key)
    {
        lock (gate) if (!young.Remove(key)) old.Remove(key);
    }

    private void Put(TKey key, TValue value)
    {
        young[key] = value;
        if (young.Count > size) (old, young) = (young, []);
    }
}
