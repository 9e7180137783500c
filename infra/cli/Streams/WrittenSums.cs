using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Cli.Streams;

/// <summary>
/// Of each batch the sum over all events that were stored because of it, against the one it was accepted with. A sum: of each event the SHA-256 over stream, type, id and its data with sorted members,
/// added as 256-bit numbers.
/// </summary>
public sealed class WrittenSums
{
    private sealed record Open(byte[] Sum, long Position)
    {
        public long Position { get; set; } = Position;
    }

    private readonly Dictionary<string, Open> _open = [];

    public void Add(StoredEvent e)
    {
        var sum = Of(e);
        var text = new MemoryStream();
        text.Write(Encoding.UTF8.GetBytes($"{e.Stream}\n{e.Type}\n{e.Id}\n"));
        using (var json = new Utf8JsonWriter(text))
            Write(json, e.Data, e.Type == "batch_accepted");
        AddTo(sum, SHA256.HashData(text.ToArray()), sign: 1);
        Settle(e.Batch!);
    }

    /// <param name="written">As the batch says, hex.</param>
    public void Expect(StoredEvent e, string written)
    {
        var said = Convert.FromHexString(written);
        AddTo(Of(e), said.Length == SHA256.HashSizeInBytes ? said : throw new FormatException("a sum of 32 bytes"), sign: -1);
        Settle(e.Batch!);
    }

    /// <summary>Batches whose sum is not the one that was written down, with the last position of theirs.</summary>
    public IEnumerable<(string Batch, long Position)> Unequal() => _open.Select(one => (one.Key, one.Value.Position)).OrderBy(one => one.Position);

    private byte[] Of(StoredEvent e)
    {
        if (!_open.TryGetValue(e.Batch!, out var open))
            _open[e.Batch!] = open = new(new byte[SHA256.HashSizeInBytes], e.Position);
        open.Position = e.Position;
        return open.Sum;
    }

    private void Settle(string batch)
    {
        if (_open[batch].Sum.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            _open.Remove(batch);
    }

    private static void AddTo(byte[] sum, ReadOnlySpan<byte> hash, int sign)
    {
        for (var (i, carry) = (sum.Length - 1, 0); i >= 0; i--)
        {
            carry += sum[i] + (sign * hash[i]);
            (sum[i], carry) = (unchecked((byte)carry), carry >> 8);
        }
    }

    // The sum of a batch is over its own word, too, as it was before the sum was in it.
    private static void Write(Utf8JsonWriter json, JsonElement value, bool withoutSum)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                    if (withoutSum && member.Name == "written")
                        json.WriteString("written", "");
                    else
                    {
                        json.WritePropertyName(member.Name);
                        Write(json, member.Value, withoutSum);
                    }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(json, item, withoutSum);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
