using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Telemetry.Evidence;

/// <summary>
/// A sum over stored events: of each the SHA-256 of its stream, type, id and data (a line each), added as 256-bit numbers, so that it does not depend on the order they are read in.
/// It finds what was changed in the store by accident or by a hand in the database; what makes a reading true is its agent's signature.
/// </summary>
public static class WrittenSum
{
    public const int Bytes = 32;

    /// <param name="data">The event as JSON; members in whatever order.</param>
    public static void Add(Span<byte> sum, string stream, string type, Guid id, JsonElement data)
    {
        var text = new ArrayBufferWriter<byte>(512);
        text.Write(Encoding.UTF8.GetBytes($"{stream}\n{type}\n{id}\n"));
        using (var json = new Utf8JsonWriter(text))
            WriteSorted(json, data);
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(text.WrittenSpan, hash);
        for (var (i, carry) = (Bytes - 1, 0); i >= 0; i--)
        {
            carry += sum[i] + hash[i];
            (sum[i], carry) = (unchecked((byte)carry), carry >> 8);
        }
    }

    // The store keeps members in an order of its own.
    private static void WriteSorted(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    WriteSorted(json, member.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteSorted(json, item);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
