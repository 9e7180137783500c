using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fleet.EventStore;

/// <summary>
/// Rows in PostgreSQL's binary COPY format (documentation: COPY, "Binary Format"), in one piece of memory: made before any lock is
/// taken; numbers known only later are patched in place.
/// </summary>
internal sealed class CopyBuffer : IBufferWriter<byte>, IDisposable
{
    // Signature, flags, length of the header extension.
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private const long PostgresEpochTicks = 630_822_816_000_000_000; // 2000-01-01, in ticks of DateTime
    private readonly Utf8JsonWriter writer;
    private byte[] bytes;
    private int length;

    public CopyBuffer(int capacity)
    {
        bytes = ArrayPool<byte>.Shared.Rent(capacity);
        writer = new Utf8JsonWriter(this, new JsonWriterOptions { SkipValidation = true });
        Header.CopyTo(GetSpan(Header.Length));
        length += Header.Length;
    }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Row(short fields) => Int16(fields);

    public void Null() => Int32(-1);

    /// <summary>Where the number stands, for <see cref="Patch"/>.</summary>
    public int Int64(long value)
    {
        Int32(8);
        BinaryPrimitives.WriteInt64BigEndian(GetSpan(8), value);
        length += 8;
        return length - 8;
    }

    public void Patch(int at, long value) => BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), value);

    public void Bool(bool value)
    {
        Int32(1);
        GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        length++;
    }

    public void Uuid(Guid value)
    {
        Int32(16);
        value.TryWriteBytes(GetSpan(16), bigEndian: true, out _);
        length += 16;
    }

    public void Timestamp(DateTimeOffset value) => Int64((value.UtcTicks - PostgresEpochTicks) / TimeSpan.TicksPerMicrosecond);

    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var written = Encoding.UTF8.GetBytes(value, GetSpan(4 + most)[4..]);
        Int32(written);
        length += written;
    }

    /// <summary>An object as <c>jsonb</c>: format version 1, then the text.</summary>
    public void Json(object? value, JsonTypeInfo type)
    {
        if (value is null)
        {
            Null();
            return;
        }
        var at = length;
        Int32(0);
        GetSpan(1)[0] = 1;
        length++;
        JsonSerializer.Serialize(writer, value, type);
        writer.Flush();
        writer.Reset();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), length - at - 4);
    }

    public void End() => Int16(-1);

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(length);
    }

    private void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(GetSpan(2), value);
        length += 2;
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(GetSpan(4), value);
        length += 4;
    }

    private void Reserve(int more)
    {
        more = Math.Max(more, 256);
        if (bytes.Length - length >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }

    public void Dispose()
    {
        writer.Dispose();
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }
}
