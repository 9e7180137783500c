using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>The HTTP API as anyone uses it: client credentials for a token, then JSON.</summary>
public sealed class FleetApi : IDisposable
{
    private readonly HttpClient _http;

    private FleetApi(HttpClient http) => _http = http;

    public static async Task<bool> IsReadyAsync(string url, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri($"{url}/readyz"), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>RFC 6749 §4.4. The whole token answer: access_token, token_type, expires_in, scope.</summary>
    public static async Task<JsonObject> TokenAsync(string url, StateDirectory directory, string client, CancellationToken stop)
    {
        var secret = File.Exists(directory.SecretOf(client))
            ? await File.ReadAllTextAsync(directory.SecretOf(client), stop)
            : throw new FleetException("No such identity", client, $"choose one of {string.Join(", ", DemoClient.People.Select(person => person.ClientId))}");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = secret
        });
        try
        {
            using var answer = await http.PostAsync(new Uri($"{url}/oauth/token"), form, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            return answer.IsSuccessStatusCode
                ? JsonNode.Parse(text)!.AsObject()
                : throw new FleetException("No token", $"{url}/oauth/token as {client}", $"HTTP {(int)answer.StatusCode} {text}");
        }
        catch (HttpRequestException cause)
        {
            throw FleetException.From("The API does not answer", url, cause);
        }
    }

    public static async Task<FleetApi> AsAsync(string url, StateDirectory directory, string client, CancellationToken stop)
    {
        var token = await TokenAsync(url, directory, client, stop);
        var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token["access_token"]!.GetValue<string>());
        return new(http);
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), stop);
        return await ReadAsync(answer, "GET", path, stop);
    }

    /// <summary>False while it is not allowed (403); whatever else is wrong is a failure.</summary>
    public async Task<bool> MayReadAsync(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), stop);
        if (answer.StatusCode == HttpStatusCode.Forbidden)
            return false;
        await ReadAsync(answer, "GET", path, stop);
        return true;
    }

    /// <param name="key">The Idempotency-Key: the same step run twice is done once.</param>
    public async Task<JsonNode> PostAsync(string path, object body, string key, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, stop);
        return await ReadAsync(answer, "POST", path, stop);
    }

    /// <summary>Opens a route's server-sent events (WHATWG): from here on nothing is missed. They come until the server ends them, as it does with the token's life.</summary>
    /// <param name="after">Id of the last event seen; only newer ones come.</param>
    public async Task<IAsyncEnumerable<SseItem<string>>> EventsAsync(string path, string? after, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (answer.IsSuccessStatusCode)
            return ItemsAsync(answer, stop);
        using (answer)
            await ReadAsync(answer, "GET", path, stop);
        throw new UnreachableException();
    }

    private static async IAsyncEnumerable<SseItem<string>> ItemsAsync(HttpResponseMessage answer, [EnumeratorCancellation] CancellationToken stop)
    {
        using (answer)
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(stop)).EnumerateAsync(stop))
                yield return item;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, string method, string path, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (answer.IsSuccessStatusCode)
            return text.Length == 0 || answer.StatusCode == HttpStatusCode.NoContent ? new JsonObject() : JsonNode.Parse(text)!;
        throw new FleetException($"The API refuses {method} {path}", $"HTTP {(int)answer.StatusCode}", text);
    }
}
