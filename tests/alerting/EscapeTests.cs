using System.Net;
using System.Text.Json.Nodes;

namespace Fleet.Alerting.Tests;

/// <summary>Each way to an alert, tried with another tenant's token, and with the owner's to show that the way is open at all.</summary>
public class EscapeTests : AlertingFixture
{
    private static readonly string[] Ways = ["list", "list of the tenant", "list of the device", "by id", "acknowledge", "resolve", "stream", "stream of the tenant"];

    [TestCaseSource(nameof(Ways))]
    public async Task Another_tenants_token_does_not_get_there(string way) => Assert.That(await ReachesAsync(way, "globex"), Is.False);

    [TestCaseSource(nameof(Ways))]
    public async Task The_owners_token_does(string way) => Assert.That(await ReachesAsync(way, "acme"), Is.True);

    [Test]
    public async Task A_foreign_alert_and_one_that_does_not_exist_look_the_same()
    {
        var id = await RaiseAsync("acme", "hidden");
        using var globex = Service.As("technician", "globex");
        var (foreign, missing) = (await globex.GetAsync($"/api/v1/alerts/{id}"), await globex.GetAsync($"/api/v1/alerts/{new string('0', 32)}"));
        Assert.That((foreign.StatusCode, Without(await JsonAsync(foreign), id)), Is.EqualTo((missing.StatusCode, Without(await JsonAsync(missing), new string('0', 32)))));
    }

    private static string Without(JsonNode problem, string id)
    {
        problem.AsObject().Remove("traceId");
        return problem.ToJsonString().Replace(id, "", StringComparison.Ordinal);
    }

    private async Task<bool> ReachesAsync(string way, string tokenOf)
    {
        var device = $"{way.Replace(' ', '-')}-{tokenOf}";
        var id = await RaiseAsync("acme", device);
        using var http = Service.As("technician", tokenOf);
        return way switch
        {
            "list" => await ShowsAsync(http, "/api/v1/alerts?limit=1000", id),
            "list of the tenant" => await ShowsAsync(http, "/api/v1/alerts?limit=1000&tenant=acme", id),
            "list of the device" => await ShowsAsync(http, $"/api/v1/alerts?device={device}", id),
            "by id" => await ShowsAsync(http, $"/api/v1/alerts/{id}", id),
            "acknowledge" or "resolve" => await ActsAsync(http, way, id),
            "stream" => await StreamsAsync(http, "?after=0", tokenOf, id),
            "stream of the tenant" => await StreamsAsync(http, "?after=0&tenant=acme", tokenOf, id),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way"),
        };
    }

    private static async Task<bool> ShowsAsync(HttpClient http, string path, string id)
    {
        var answer = await http.GetAsync(path);
        return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains(id, StringComparison.Ordinal);
    }

    private async Task<bool> ActsAsync(HttpClient http, string act, string id)
    {
        var answer = await http.PostAsync($"/api/v1/alerts/{id}/{act}", null);
        using var owner = Service.As("technician", "acme");
        var state = (await JsonAsync(await owner.GetAsync($"/api/v1/alerts/{id}")))["state"]!.GetValue<string>();
        return answer.StatusCode != HttpStatusCode.NotFound || state != "raised";
    }

    // Reads up to a last alert of the token's own tenant, raised after the one that must stay hidden.
    private async Task<bool> StreamsAsync(HttpClient http, string query, string tokenOf, string id)
    {
        var last = await RaiseAsync(tokenOf, $"last-of-{tokenOf}-{query.Length}");
        using (var refused = await http.GetAsync($"/api/v1/alerts/stream{query}", HttpCompletionOption.ResponseHeadersRead))
            if (refused.StatusCode == HttpStatusCode.NotFound)
                return false;
        using var stream = await SseReader.OpenAsync(http, query: query);
        for (var reached = false; ;)
        {
            var e = await stream.NextAsync();
            reached |= e.AlertId == id;
            if (reached || e.AlertId == last)
                return reached;
        }
    }
}
