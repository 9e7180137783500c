using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Consent.Tests;

public class ConsentRoutesTests
{
    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public async Task Granted_is_standing_announced_and_in_the_history()
    {
        var heard = await _service.Bus.ListenAsync<ConsentChanged>();
        using var admin = _service.As("customer-admin", "acme");

        using var answer = await admin.PostAsJsonAsync(Path("acme", "grant"), new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters" } });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        using var withdrawal = await admin.PostAsJsonAsync(Path("acme", "withdraw"), new { purposes = new[] { "billing" }, reason = "we leave" });
        Assert.That(withdrawal.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var page = await admin.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/consents");
        var changes = page.GetProperty("history").GetProperty("items").EnumerateArray().Select(change => change.GetProperty("change").GetString());
        Assert.That(changes, Is.EqualTo(new[] { "withdrawn", "granted" }));
        Assert.That(page.GetProperty("standing").GetProperty("purposes")[0].GetProperty("until").ValueKind, Is.Not.EqualTo(JsonValueKind.Null));
        Assert.That(page.GetProperty("standing").GetProperty("fieldGroups")[0].GetProperty("until").ValueKind, Is.EqualTo(JsonValueKind.Null));

        var messages = (await heard.WaitAsync(2, message => message.TenantId == "acme")).OrderBy(message => message.Version).ToList();
        Assert.That(messages.Select(m => (m.TenantId, m.Version)), Is.EqualTo(new[] { ("acme", 1L), ("acme", 2L) }));
        // Each message tells the whole state as of its own version, however late it is sent.
        Assert.That(messages[0].Purposes.Single().Until, Is.Null);
        Assert.That(messages[1].Purposes.Single().Until, Is.EqualTo(messages[1].At));
    }

    [Test]
    public async Task What_was_on_the_screen_is_what_was_agreed_to()
    {
        using var admin = _service.As("customer-admin", "swedish");
        admin.DefaultRequestHeaders.Add("Accept-Language", "de");
        var page = await admin.GetFromJsonAsync<JsonElement>("/api/v1/tenants/swedish/consents?language=sv");
        var text = page.GetProperty("text");
        Assert.That(text.GetProperty("text").GetString(), Does.StartWith("# Vad dina skrivare"));
        Assert.That((await admin.GetFromJsonAsync<JsonElement>("/api/v1/tenants/swedish/consents")).GetProperty("text").GetProperty("language").GetString(), Is.EqualTo("de"));

        var shown = new { version = text.GetProperty("version").GetString(), language = "sv", hash = text.GetProperty("hash").GetString() };
        using var other = await admin.PostAsJsonAsync(Path("swedish", "grant"), new { purposes = new[] { "billing" }, text = shown with { language = "fr" } });
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        using var answer = await admin.PostAsJsonAsync(Path("swedish", "grant"), new { purposes = new[] { "billing" }, text = shown });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var change = (await HistoryAsync(admin, "", "swedish")).GetProperty("items")[0];
        Assert.That((change.GetProperty("textLanguage").GetString(), change.GetProperty("textHash").GetString()), Is.EqualTo(("sv", shown.hash)));
    }

    [Test]
    public async Task The_history_pages_by_cursor()
    {
        using var admin = _service.As("customer-admin", "paged");
        foreach (var purpose in ConsentWords.Purposes)
            (await admin.PostAsJsonAsync(Path("paged", "grant"), new { purposes = new[] { purpose } })).EnsureSuccessStatusCode().Dispose();

        var first = await HistoryAsync(admin, "?limit=1");
        var second = await HistoryAsync(admin, $"?limit=1&cursor={first.GetProperty("next").GetString()}");
        Assert.That((Version(first), Version(second)), Is.EqualTo((2, 1)));
        Assert.That(second.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
        using var wrong = await admin.GetAsync("/api/v1/tenants/paged/consents?cursor=nonsense");
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task The_same_key_grants_once_and_another_body_is_a_conflict()
    {
        using var admin = _service.As("customer-admin", "twice");
        admin.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        var first = await AskAsync(admin, "billing");
        var second = await AskAsync(admin, "billing");
        Assert.That(second, Is.EqualTo(first));
        Assert.That((await AskAsync(admin, "fleet-management")).Status, Is.EqualTo(HttpStatusCode.Conflict));

        static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient http, string purpose)
        {
            using var answer = await http.PostAsJsonAsync(Path("twice", "grant"), new { purposes = new[] { purpose } });
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Test]
    public async Task A_customer_that_went_to_another_provider_is_gone_for_the_old_one_although_its_token_still_names_it()
    {
        using var admin = _service.As("customer-admin", "wanderer");
        using var dealer = _service.AsUnallowed("provider-admin", "dealer", "wanderer");
        using var granted = await admin.PostAsJsonAsync(Path("wanderer", "grant"), new { purposes = new[] { "billing" } });
        Assert.That(granted.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await LooksAfterAsync("dealer");
        Assert.That(await StatusAsync(dealer), Is.EqualTo(HttpStatusCode.OK), "the twin: while it is its own customer");
        await LooksAfterAsync("rival");
        Assert.That(await StatusAsync(dealer), Is.EqualTo(HttpStatusCode.NotFound));

        async Task LooksAfterAsync(string provider)
        {
            await using var database = NpgsqlDataSource.Create(_service.Place.DatabaseOf("consent").Owner);
            await using var row = database.CreateCommand("insert into consent.tenant_access (tenant_id, provider_id, provider_at) values ('wanderer', $1, now()) on conflict (tenant_id) do update set provider_id = $1");
            row.Parameters.Add(new() { Value = provider });
            await row.ExecuteNonQueryAsync();
        }

        static async Task<HttpStatusCode> StatusAsync(HttpClient staff)
        {
            using var answer = await staff.GetAsync(new Uri("/api/v1/tenants/wanderer/consents", UriKind.Relative));
            return answer.StatusCode;
        }
    }

    [TestCase("customer-admin", HttpStatusCode.OK)]
    [TestCase("customer-viewer", HttpStatusCode.Forbidden)]
    [TestCase("provider-admin", HttpStatusCode.Forbidden)]
    [TestCase("technician", HttpStatusCode.Forbidden)]
    [TestCase("agent", HttpStatusCode.Forbidden)]
    public async Task Only_the_customer_changes_what_the_customer_allows(string role, HttpStatusCode expected)
    {
        using var http = _service.As(role, "rights");
        using var answer = await http.PostAsJsonAsync(Path("rights", "withdraw"), new { purposes = new[] { "billing" } });
        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Another_tenants_consents_do_not_exist()
    {
        using var globex = _service.As("customer-admin", "globex");
        (await globex.PostAsJsonAsync(Path("globex", "grant"), new { purposes = new[] { "billing" } })).EnsureSuccessStatusCode().Dispose();
        using var stranger = _service.As("customer-admin", "acme");

        using var read = await stranger.GetAsync("/api/v1/tenants/globex/consents");
        using var grant = await stranger.PostAsJsonAsync(Path("globex", "grant"), new { purposes = new[] { "billing" } });
        using var nowhere = await stranger.GetAsync("/api/v1/tenants/no-such/consents");
        Assert.That(new[] { read.StatusCode, grant.StatusCode, nowhere.StatusCode }, Is.All.EqualTo(HttpStatusCode.NotFound));
        // The twin: the tenant itself sees it, so it is the wall and not an empty house.
        Assert.That(Version((await globex.GetFromJsonAsync<JsonElement>("/api/v1/tenants/globex/consents")).GetProperty("history")), Is.EqualTo(1));
    }

    [Test]
    public async Task A_member_nobody_knows_is_refused()
    {
        using var admin = _service.As("customer-admin", "acme");
        using var answer = await admin.PostAsJsonAsync(Path("acme", "grant"), new { purposes = new[] { "billing" }, everything = true });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static string Path(string tenant, string verb) => $"/api/v1/tenants/{tenant}/consents/{verb}";

    private static async Task<JsonElement> HistoryAsync(HttpClient http, string query, string tenant = "paged") =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/consents{query}")).GetProperty("history");

    private static int Version(JsonElement page) => page.GetProperty("items")[0].GetProperty("version").GetInt32();
}
