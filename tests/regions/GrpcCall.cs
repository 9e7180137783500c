using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Fleet.Protos.V1;
using Google.Protobuf;

namespace Fleet.Regions.Tests;

/// <summary>One call of fleet.v1.FleetEvents/Subscribe with a deadline of a second, and how it ended.</summary>
internal static class GrpcCall
{
    public static async Task<(string Status, string Message)> SubscribeAsync(Uri address, string token, params string[] tenants)
    {
        var message = new SubscribeRequest { Tenants = { tenants } }.ToByteArray();
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        using var http = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fleet.v1.FleetEvents/Subscribe")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("te", "trailers");
        request.Headers.Add("grpc-timeout", "1S");
        using var answer = await http.SendAsync(request);
        HttpHeaders[] ends = [answer.Headers, answer.TrailingHeaders];
        string Said(string name) => ends.Select(headers => headers.TryGetValues(name, out var values) ? values.Single() : null).OfType<string>().FirstOrDefault("");
        return (Said("grpc-status"), Uri.UnescapeDataString(Said("grpc-message")));
    }
}
