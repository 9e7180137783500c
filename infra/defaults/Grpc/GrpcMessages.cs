using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Fleet.Defaults.Grpc;

/// <summary>
/// Length-prefixed messages (grpc/grpc doc/PROTOCOL-HTTP2.md): one byte "compressed", four bytes length, big-endian, then the message.
/// </summary>
internal static class GrpcMessages
{
    private const int Prefix = 5;

    /// <summary>The one message of a unary request. Reads no further than the limit allows.</summary>
    public static async Task<T> ReadSingleAsync<T>(PipeReader body, MessageParser<T> parser, string? encoding, int limit, CancellationToken cancel)
        where T : IMessage<T>
    {
        while (true)
        {
            var read = await body.ReadAsync(cancel);
            if (TryCut(read.Buffer, encoding, limit, out var message))
            {
                if (read.Buffer.Length > Prefix + message.Length)
                    throw new RpcException(StatusCode.Internal, "More than one message in a call that takes one.");
                var parsed = Parse(parser, message);
                body.AdvanceTo(read.Buffer.End);
                return parsed;
            }
            if (read.IsCompleted)
                throw new RpcException(StatusCode.Internal, "The request ended before its message did.");
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static void Write(IBufferWriter<byte> body, IMessage message)
    {
        var size = message.CalculateSize();
        var prefix = body.GetSpan(Prefix);
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], size);
        body.Advance(Prefix);
        message.WriteTo(body);
    }

    private static bool TryCut(ReadOnlySequence<byte> buffer, string? encoding, int limit, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < Prefix)
            return false;
        Span<byte> prefix = stackalloc byte[Prefix];
        buffer.Slice(0, Prefix).CopyTo(prefix);
        if (prefix[0] != 0)
            throw encoding is null or "identity"
                ? new RpcException(StatusCode.Internal, "A compressed message without grpc-encoding.")
                : new RpcException(StatusCode.Unimplemented, $"grpc-encoding '{encoding}' is not supported; send identity.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > limit)
            throw new RpcException(StatusCode.ResourceExhausted, $"The message has {length} bytes; the limit is {limit}.");
        if (buffer.Length < Prefix + length)
            return false;
        message = buffer.Slice(Prefix, length);
        return true;
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> message)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(StatusCode.InvalidArgument, $"The request is no {typeof(T).Name}: {e.Message}");
        }
    }
}
