using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Spooling;

/// <summary>The oldest entries of a lane that fit into one batch, and the body they make. Pure.</summary>
/// <param name="Entries">Numbers of the entries, oldest first.</param>
public sealed record Cut(string Lane, IReadOnlyList<long> Entries, byte[] Body, string? TraceParent)
{
    public const int MostEvents = 500;

    /// <summary>Null when nothing waits.</summary>
    /// <param name="waiting">Entries of one lane, oldest first; read only as far as they fit.</param>
    public static Cut? From(IEnumerable<(long Number, Entry Entry)> waiting)
    {
        var taken = new List<(long Number, Entry Entry)>();
        var length = 2; // the brackets
        foreach (var one in waiting)
        {
            // Five hundred devices with long supply lists are over a mebibyte, and the gate would refuse them all.
            length += one.Entry.Event.Length + 1;
            if (taken.Count > 0 && (taken.Count == MostEvents || length > EdgeBatch.LargestBody)) break;
            taken.Add(one);
        }
        return taken.Count == 0
            ? null
            : new(taken[0].Entry.Lane, [.. taken.Select(one => one.Number)], BodyOf([.. taken.Select(one => one.Entry.Event)]), taken[0].Entry.TraceParent);
    }

    /// <summary>A JSON array of events in the bytes given.</summary>
    public static byte[] BodyOf(IReadOnlyList<byte[]> events)
    {
        var body = new byte[2 + events.Sum(one => one.Length) + Math.Max(0, events.Count - 1)];
        body[0] = (byte)'[';
        var at = 1;
        foreach (var one in events)
        {
            if (at > 1) body[at++] = (byte)',';
            one.CopyTo(body, at);
            at += one.Length;
        }
        body[at] = (byte)']';
        return body;
    }
}
