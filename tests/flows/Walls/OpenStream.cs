using System.Net;
using System.Net.Http.Headers;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Walls;

/// <summary>An answer that does not end by itself, read to its end in the background.</summary>
internal sealed class OpenStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly Task<string> _end;

    private OpenStream(HttpResponseMessage answer, Task<string> end) => (_answer, _end) = (answer, end);

    public bool HasEnded => _end.IsCompleted;

    /// <summary>Server-sent events: returns once the first line is here.</summary>
    public static async Task<OpenStream> SseAsync(HttpClient http, string path)
    {
        var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync();
        return new(answer, EndOfAsync(lines.BaseStream, () => ""));
    }

    /// <summary>fleet.v1.FleetEvents/Subscribe with an empty request: everything, for ever.</summary>
    public static async Task<OpenStream> GrpcAsync(Uri address, string token)
    {
        var http = new HttpClient { BaseAddress = address };
        var request = new HttpRequestMessage(HttpMethod.Post, "/fleet.v1.FleetEvents/Subscribe")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("te", "trailers");
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = await answer.Content.ReadAsStreamAsync();
        Assert.That(await stream.ReadAtLeastAsync(new byte[5], 1), Is.Positive, "something is shown while it is allowed");
        return new(answer, EndOfAsync(stream, () => answer.TrailingHeaders.TryGetValues("grpc-status", out var status) ? status.Single() : "none"));
    }

    /// <summary>What it ended with.</summary>
    public async Task<string> EndedAsync()
    {
        await Ending.OneAsync("the end of an open stream", _end, TimeSpan.FromSeconds(10));
        return await _end;
    }

    private static async Task<string> EndOfAsync(Stream stream, Func<string> status)
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
        return status();
    }

    public void Dispose() => _answer.Dispose();
}
