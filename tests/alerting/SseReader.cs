using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Alerting.Tests;

/// <param name="Id">The position, as the server wrote it.</param>
internal sealed record ServerSentEvent(string Id, string Name, JsonNode Data)
{
    public long Position => long.Parse(Id, CultureInfo.InvariantCulture);
    public string AlertId => Data["alertId"]!.GetValue<string>();
}

/// <summary>Reads an event stream as the WHATWG standard says; every wait is bounded.</summary>
internal sealed class SseReader(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public string LastEventId { get; private set; } = "";

    /// <summary>Returns once the server's first id has come: from here on nothing is missed.</summary>
    public static async Task<SseReader> OpenAsync(HttpClient http, string? lastEventId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/alerts/stream{query}");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        var reader = new SseReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        while (reader.LastEventId.Length == 0)
            await reader.BlockAsync();
        return reader;
    }

    public async Task<ServerSentEvent> NextAsync()
    {
        while (true)
            if (await BlockAsync() is { } e)
                return e;
    }

    public async Task<IReadOnlyList<ServerSentEvent>> TakeAsync(int count)
    {
        var taken = new List<ServerSentEvent>();
        while (taken.Count < count)
            taken.Add(await NextAsync());
        return taken;
    }

    /// <summary>The next comment, which the standard calls a sign of life.</summary>
    public async Task<string> CommentAsync()
    {
        while (true)
            if (await LineAsync() is [':', ..] and var line)
                return line;
    }

    /// <summary>Reads to the end of the stream and returns how many events came before it.</summary>
    public async Task<int> EndAsync()
    {
        var count = 0;
        try
        {
            while (true)
                if (await BlockAsync() is not null)
                    count++;
        }
        catch (EndOfStreamException)
        {
            return count;
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    // One block up to its blank line; null when it carries no data.
    private async Task<ServerSentEvent?> BlockAsync()
    {
        var (name, data) = ("", "");
        while (await LineAsync() is { Length: > 0 } line)
        {
            var field = line.Split(": ", 2);
            if (field[0] == "id")
                LastEventId = field[1];
            else if (field[0] == "event")
                name = field[1];
            else if (field[0] == "data")
                data = field[1];
        }
        return data.Length == 0 ? null : new(LastEventId, name, JsonNode.Parse(data)!);
    }

    private async Task<string> LineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await lines.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException("The event stream ended");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for the next line of the event stream; last id {LastEventId}");
        }
    }
}
