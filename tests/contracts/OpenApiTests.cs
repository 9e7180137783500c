using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Host;
using Fleet.Testing;

namespace Fleet.Contracts.Tests;

/// <summary>contracts/openapi/fleet.v1.json is the document all services together serve, and says what an integrator has to know.</summary>
public class OpenApiTests
{
    private const string Document = "openapi/fleet.v1.json";

    private RunningService _fleet = null!;
    private JsonNode _served = null!;

    [OneTimeSetUp]
    public async Task StartEverythingAsync()
    {
        var servers = await SharedServers.StartedAsync();
        _fleet = await RunningService.StartAsync([("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile)], Everything.Modules);
        using var http = _fleet.With();
        _served = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
    }

    [OneTimeTearDown]
    public async Task StopEverythingAsync() => await _fleet.DisposeAsync();

    [Test]
    public void The_checked_in_document_is_the_one_served() => CheckedIn.Holds(Document, _served);

    [Test]
    public void A_changed_route_and_a_changed_schema_are_seen_and_named()
    {
        var changed = _served.DeepClone();
        changed["paths"]!["/api/v1/alerts"]!["get"]!["responses"]!.AsObject().Remove("404");
        changed["components"]!["schemas"]!["Device"]!["properties"]!["serial"]!["type"] = "integer";

        Assert.That(CheckedIn.Telling(Document, _served, changed), Does.Contain("paths › /api/v1/alerts › get › responses › 404: is gone")
            .And.Contain("components › schemas › Device › properties › serial › type").And.Contain($"rm contracts/{Document} && ./fleet test contracts"));
    }

    [Test]
    public void It_leaves_nothing_untold() => Assert.That(Untold.In(_served), Is.Empty);

    [Test]
    public void A_route_without_a_summary_a_right_or_a_word_on_its_parameter_is_seen()
    {
        var silent = _served.DeepClone();
        var route = silent["paths"]!["/api/v1/alerts"]!["get"]!.AsObject();
        route.Remove("summary");
        route["security"] = new JsonArray();
        route["parameters"]![0]!.AsObject().Remove("description");

        Assert.That(Untold.In(silent), Is.EquivalentTo(new[] { "GET /api/v1/alerts: no summary", "GET /api/v1/alerts: no right", "GET /api/v1/alerts: tenant has no description" }));
    }

    [Test]
    public void It_names_no_server_and_no_type_of_ours()
    {
        var text = _served.ToJsonString();

        Assert.That(_served["servers"]!.AsArray().Select(server => server!["url"]!.ToString()), Is.EqualTo(new[] { "/" }));
        Assert.That(text, Does.Not.Contain("127.0.0.1").And.Not.Contain("localhost").And.Not.Contain("Fleet.Contracts").And.Not.Contain("System.").And.Not.Contain(".md"));
        Assert.That(_served["components"]!["schemas"]!.AsObject().Select(s => s.Key), Has.None.EndsWith("Row").And.None.EndsWith("Answer").And.None.Contain("`"));
    }

    [TestCase(HttpStatusCode.BadRequest, "application/json", "stranger", 20, "billing")]
    [TestCase(HttpStatusCode.Unauthorized, "application/json", "name", 20, null)]
    [TestCase(HttpStatusCode.Forbidden, "application/json", "name", 20, "technician")]
    [TestCase(HttpStatusCode.RequestEntityTooLarge, "application/json", "name", 5_000_000, "billing")]
    [TestCase(HttpStatusCode.UnsupportedMediaType, "text/plain", "name", 20, "billing")]
    public async Task A_refusal_the_document_promises_comes_as_it_says(HttpStatusCode status, string mediaType, string member, int size, string? role)
    {
        using var http = role is null ? _fleet.With() : _fleet.As(role, "acme");
        http.DefaultRequestHeaders.ExpectContinue = true;       // what is refused unread is not sent either
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"{{member}}":"{{new string('x', size)}}"}"""));
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var answer = await http.PostAsync("/api/v1/contracts", body);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

        Assert.That(answer.StatusCode, Is.EqualTo(status), problem.ToJsonString());
        Assert.That(_served["paths"]!["/api/v1/contracts"]!["post"]!["responses"]!.AsObject().Select(r => r.Key), Has.Member($"{(int)status}"));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.Select(m => m.Key), Is.SubsetOf(_served["components"]!["schemas"]!["Problem"]!["properties"]!.AsObject().Select(p => p.Key)));
    }
}
