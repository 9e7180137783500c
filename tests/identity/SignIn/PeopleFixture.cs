using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>A running identity with a portal and people who sign in to it; each test has people of its own.</summary>
public abstract class PeopleFixture
{
    public const string Password = "four words nobody else has", Portal = "fleet-portal", Back = "https://portal.example/back";

    internal RunningIdentity Running { get; private set; } = null!;

    /// <summary>The dealer's own program, which invites the first of its people.</summary>
    internal HttpClient Dealer { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Running = await StartAsync(
            Client("dealer", "provider-admin", provider: "demo-dealer"), Client("other-dealer", "provider-admin", provider: "other-dealer"), Client("operator", "platform-operator"),
            Public(Portal, Back, "http://127.0.0.1/back"), Public("other-portal", "https://other.example/back"), Public("fleet-ours", "http://127.0.0.1/oauth/callback"));
        using (var first = await Running.AsAsync("dealer"))
            (await first.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
        Dealer = await Running.AsAsync("dealer");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Dealer.Dispose();
        await Running.DisposeAsync();
    }

    internal static async Task<(int Status, JsonElement Body)> InviteAsync(HttpClient by, string email, string role, string? tenantId = null, string name = "Anna Muster")
    {
        using var answer = await by.PostAsJsonAsync("/api/v1/people", new { name, email, role, tenantId });
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    internal static string TokenOf(JsonElement invited) => HttpUtility.ParseQueryString(new Uri(invited.GetProperty("link").GetString()!).Query)["token"]!;

    /// <summary>Invited, and has chosen <see cref="Password"/>.</summary>
    internal async Task<string> PersonAsync(string email, string role = "provider-admin", HttpClient? by = null, string? tenantId = null)
    {
        var (status, invited) = await InviteAsync(by ?? Dealer, email, role, tenantId);
        Assert.That(status, Is.EqualTo(201), invited.ToString());
        using var http = Running.Http;
        (await http.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation = TokenOf(invited), password = Password })).EnsureSuccessStatusCode();
        return invited.GetProperty("personId").GetString()!;
    }

    internal TestBrowser Browser() => new(Running.Issuer);

    /// <summary>What the portal remembers while its person is away.</summary>
    internal sealed record Trip(string Verifier, string State, string Address)
    {
        public static Trip New(string client = Portal, string redirect = Back, string more = "")
        {
            var (verifier, state) = (RandomNumberGenerator.GetHexString(64), RandomNumberGenerator.GetHexString(16));
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
            return new(verifier, state, $"/oauth/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&state={state}&code_challenge={challenge}&code_challenge_method=S256{more}");
        }
    }

    internal static async Task<TestBrowser> SignInAsync(TestBrowser browser, string email, string password = Password)
    {
        if (!browser.Text.Contains("name=\"password\"", StringComparison.Ordinal))
            await browser.OpenAsync("/account/signin");
        return await browser.SendAsync("/account/signin", ("email", email), ("password", password));
    }

    /// <summary>Signs in and comes back with a code.</summary>
    internal async Task<string> CodeAsync(Trip trip, string email)
    {
        using var browser = Browser();
        await browser.OpenAsync(trip.Address);
        await browser.FollowAsync();
        await SignInAsync(browser, email);
        await browser.FollowAsync();
        var back = HttpUtility.ParseQueryString(new Uri(browser.Location!).Query);
        Assert.That((back["state"], back["iss"]), Is.EqualTo((trip.State, Running.Issuer)), browser.Location);
        return back["code"]!;
    }

    internal async Task<(int Status, JsonElement Body)> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var http = Running.Http;
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    internal Task<(int Status, JsonElement Body)> RedeemAsync(Trip trip, string code, string client = Portal, string redirect = Back, string? verifier = null) => PostAsync(
        "/oauth/token", ("grant_type", "authorization_code"), ("client_id", client), ("redirect_uri", redirect), ("code", code), ("code_verifier", verifier ?? trip.Verifier));

    internal Task<(int Status, JsonElement Body)> RenewAsync(string? refresh, string client = Portal) =>
        PostAsync("/oauth/token", ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refresh!));

    /// <summary>The whole trip: the portal's tokens of this person.</summary>
    internal async Task<JsonElement> TokensAsync(string email, string more = "")
    {
        var trip = Trip.New(more: more);
        var (status, tokens) = await RedeemAsync(trip, await CodeAsync(trip, email));
        Assert.That(status, Is.EqualTo(200), tokens.ToString());
        return tokens;
    }

    internal HttpClient With(JsonElement tokens) => Running.Service.With(Text(tokens, "access_token"));

    internal static string? Text(JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value.GetString() : null;

    internal async Task<IReadOnlyList<string>> EventsAsync(string person, string? tenant = null)
    {
        await using var session = Running.Service.Store(Identity.Module).LightweightSession(tenant ?? "provider:demo-dealer");
        return [.. (await session.Events.FetchStreamAsync($"person/{person}")).Select(e => e.Data.GetType().Name)];
    }
}
