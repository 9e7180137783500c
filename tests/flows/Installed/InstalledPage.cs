using System.Text.RegularExpressions;

namespace Fleet.Flows.Tests.Installed;

/// <summary>The agent's local page as a browser sees it.</summary>
internal sealed partial class InstalledPage : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = true, AllowAutoRedirect = true });
    private readonly string _origin;

    /// <param name="address">As <c>fleet-agent page</c> prints it, with the key.</param>
    public InstalledPage(Uri address)
    {
        (Address, _origin) = (address, address.GetLeftPart(UriPartial.Authority));
        _http.DefaultRequestHeaders.Add("Origin", _origin);
    }

    public Uri Address { get; }

    /// <summary>Follows the address; then the form there, which holds the key.</summary>
    public async Task SignInAsync()
    {
        var key = Uri.UnescapeDataString(Address.Query["?key=".Length..]);
        using var answer = await _http.PostAsync(new Uri(new Uri(_origin), "/sign-in"), new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = key }));
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(new Uri(_origin), path));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(200), $"{path}: {text}");
        return text;
    }

    public async Task SwitchAsync(string group, string turn)
    {
        var token = Token().Match(await GetAsync("/consents")).Groups[1].Value;
        using var answer = await _http.PostAsync(new Uri(new Uri(_origin), "/consents"), new FormUrlEncodedContent(new Dictionary<string, string> { ["group"] = group, ["turn"] = turn, ["form-token"] = token }));
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A form of the page itself, with its token.</summary>
    public async Task SendAsync(string path, (string Name, string Value)[] fields)
    {
        var token = Token().Match(await GetAsync(path)).Groups[1].Value;
        using var answer = await _http.PostAsync(new Uri(new Uri(_origin), path), new FormUrlEncodedContent(fields.Append(("form-token", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
