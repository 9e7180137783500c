using System.Net;
using System.Text.RegularExpressions;
using System.Web;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>A browser as far as these pages need one: keeps cookies, fills in the one form of a page and sends it, follows links only when told to.</summary>
internal sealed partial class TestBrowser : IDisposable
{
    private readonly HttpClient _http;

    public TestBrowser(string origin)
    {
        Cookies = new();
        _http = new(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = new(origin) };
    }

    public CookieContainer Cookies { get; }

    /// <summary>Of the page that was shown last.</summary>
    public string Text { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public string? Location { get; private set; }

    public HttpResponseMessage? Answer { get; private set; }

    public Task<TestBrowser> OpenAsync(string address) => TakeAsync(_http.GetAsync(address));

    public Task<TestBrowser> FollowAsync() => OpenAsync(Location ?? throw new InvalidOperationException($"{Status}, and nowhere to go on to: {Text}"));

    /// <summary>Fills in the page's form whose action this is, its hidden fields as they are, and sends it.</summary>
    public Task<TestBrowser> SendAsync(string action, params (string Name, string Value)[] typed) => SendAsync(action, new Dictionary<string, string>(), typed);

    /// <param name="headers">Further ones of the request.</param>
    public Task<TestBrowser> SendAsync(string action, IReadOnlyDictionary<string, string> headers, params (string Name, string Value)[] typed)
    {
        var form = Form().Matches(Text).FirstOrDefault(one => HttpUtility.HtmlDecode(one.Groups["action"].Value) == action)
            ?? throw new InvalidOperationException($"The page has no form that leads to {action}: {Status} {Location} {Text}");
        var fields = Hidden().Matches(form.Value).ToDictionary(field => field.Groups["name"].Value, field => HttpUtility.HtmlDecode(field.Groups["value"].Value));
        foreach (var (name, value) in typed)
            fields[name] = value;
        return PostAsync(action, fields, headers);
    }

    public Task<TestBrowser> PostAsync(string address, IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string>? headers = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            request.Headers.Add(name, value);
        return TakeAsync(_http.SendAsync(request));
    }

    private async Task<TestBrowser> TakeAsync(Task<HttpResponseMessage> asked)
    {
        Answer = await asked;
        (Status, Location, Text) = (Answer.StatusCode, Answer.Headers.Location?.OriginalString, await Answer.Content.ReadAsStringAsync());
        return this;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""<form method="post" action="(?<action>[^"]*)".*?</form>""", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)">""")]
    private static partial Regex Hidden();
}
