using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults.Grpc;

/// <summary>Sends messages to the caller, one call at a time; <c>Grpc.Core.IServerStreamWriter</c>.</summary>
public sealed class ServerStreamWriter<T>(HttpResponse response)
    where T : IMessage<T>
{
    /// <summary>Returns when HTTP/2 flow control took the message: a slow reader holds its writer, nothing piles up in between.</summary>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        GrpcMessages.Write(response.BodyWriter, message);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Sends the response headers, so that the caller knows the call stands before there is a first message.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await response.StartAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);    // Kestrel keeps started headers until the first flush
    }
}
