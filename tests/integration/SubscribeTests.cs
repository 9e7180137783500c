using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Contracts.Audit.V1;
using Fleet.Testing;

namespace Fleet.Integration.Tests;

/// <summary>fleet.v1.FleetEvents/Subscribe as the real <c>@grpc/grpc-js</c> client sees it. Numbers are gRPC status codes.</summary>
public class SubscribeTests : IntegrationFixture
{
    private const int Cancelled = 1, InvalidArgument = 3, DeadlineExceeded = 4, PermissionDenied = 7, ResourceExhausted = 8, Unimplemented = 12, Unavailable = 14, Unauthenticated = 16;
    private GrpcJs _js = null!;

    [OneTimeSetUp]
    public async Task InstallAsync() => _js = await GrpcJs.InstallAsync();

    [OneTimeTearDown]
    public void Remove() => _js?.Dispose();

    [Test]
    public async Task The_same_events_and_positions_as_over_HTTP_and_then_live()
    {
        var before = await DescribeAsync("both", 3);
        using var subscriber = Subscribe("both");
        await subscriber.EventsAsync(3);
        var live = await DescribeAsync("both", 2, "live");

        var events = await subscriber.EventsAsync(5);
        Assert.That(events.Select(Essence), Is.EqualTo(before.Concat(live).Select(Essence)));
        Assert.That(events.Select(e => e["data"]!.ToJsonString()), Is.EqualTo(before.Concat(live).Select(e => e["data"]!.ToJsonString())));
    }

    [Test]
    public async Task Resuming_after_a_position_neither_loses_nor_doubles()
    {
        var all = await DescribeAsync("resumed", 4);
        using var first = Subscribe("resumed", new { cancelAfter = 2 });
        var seen = await first.EventsAsync(2);
        Assert.That((await first.StatusAsync()).Code, Is.EqualTo(Cancelled));

        using var second = Subscribe("resumed", new { request = new { after = Text(seen[1], "position") } });
        Assert.That(seen.Take(2).Concat(await second.EventsAsync(2)).Select(e => Text(e, "position")), Is.EqualTo(all.Select(e => Text(e, "position"))));
    }

    [Test]
    public async Task Only_the_types_and_tenants_that_were_asked_for()
    {
        await DescribeAsync("one", 1);
        await DescribeAsync("two", 2);
        var token = Service.Tokens.For("integrator", ["one", "two"]);
        using var tenant = _js.Subscribe(GrpcAddress, new { token, request = new { tenants = new[] { "two" } } });
        Assert.That((await tenant.EventsAsync(2)).Select(e => Text(e, "tenant")), Is.All.EqualTo("two"));
        using var type = _js.Subscribe(GrpcAddress, new { token, request = new { types = new[] { "fleet.billing.invoice-issued.v1" } }, deadline = 1500 });
        Assert.That((await type.StatusAsync()).Code, Is.EqualTo(DeadlineExceeded));
        Assert.That(type.Events, Is.Empty);
    }

    [Test]
    public async Task Without_a_valid_token_the_call_is_unauthenticated()
    {
        var expired = Service.Tokens.For("integrator", ["acme"], change: claims => claims["exp"] = TestClock.Real.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds());
        foreach (var token in new[] { null, "not.a.token", Service.Tokens.For("integrator", ["acme"]) + "x", expired })
            Assert.That(await CodeAsync(new { token, deadline = 10_000 }), Is.EqualTo(Unauthenticated), token ?? "no token");
    }

    [Test]
    public async Task A_token_that_expires_ends_the_call_as_unauthenticated()
    {
        var brief = Service.Tokens.For("integrator", ["acme"], change: claims => claims["exp"] = TestClock.Real.GetUtcNow().AddSeconds(3).ToUnixTimeSeconds());
        using var subscriber = _js.Subscribe(GrpcAddress, new { token = brief });
        Assert.That(await subscriber.StatusAsync(), Is.EqualTo((Unauthenticated, "The access token expired; call again with a new one.")));
    }

    [Test]
    public async Task A_token_without_the_right_is_denied() =>
        Assert.That(await CodeAsync(new { token = Service.Tokens.For("technician", ["acme"]) }), Is.EqualTo(PermissionDenied));

    [Test]
    public async Task A_position_that_is_none_is_an_invalid_argument() =>
        Assert.That(await CodeAsync(new { token = Service.Tokens.For("integrator", ["acme"]), request = new { after = "yesterday" } }), Is.EqualTo(InvalidArgument));

    [Test]
    public async Task A_deadline_ends_the_call()
    {
        using var subscriber = Subscribe("dead", new { deadline = 1000 });
        Assert.That((await subscriber.StatusAsync()).Code, Is.EqualTo(DeadlineExceeded));
    }

    [Test]
    public async Task A_compressed_request_is_refused_by_name()
    {
        var status = await StatusAsync(new { token = Service.Tokens.For("integrator", ["acme"]), gzip = true });
        Assert.That(status, Is.EqualTo((Unimplemented, "grpc-encoding 'gzip' is not supported; send identity.")));
    }

    [Test]
    public async Task A_method_that_does_not_exist_is_unimplemented() =>
        Assert.That(await CodeAsync(new { token = Service.Tokens.For("integrator", ["acme"]), method = "Unsubscribe" }), Is.EqualTo(Unimplemented));

    [Test]
    public async Task A_request_that_is_too_large_exhausts() =>
        Assert.That(await CodeAsync(new { token = Service.Tokens.For("integrator", ["acme"]), request = new { after = new string('1', 100_000) } }), Is.EqualTo(ResourceExhausted));

    [Test]
    public async Task What_is_no_gRPC_is_an_unsupported_media_type()
    {
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var json = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        Assert.That((await http.PostAsync($"http://{GrpcAddress}/fleet.v1.FleetEvents/Subscribe", json)).StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task A_server_that_stops_says_that_it_is_unavailable_and_is_not_held_up()
    {
        await using var other = await RunningService.StartAsync([("FLEET_GRPC_URL", "http://127.0.0.1:0")], Integration.Module);
        using var subscriber = _js.Subscribe(other.GrpcAddress.Authority, new { token = other.Tokens.For("integrator", ["acme"]) });
        await subscriber.OpenAsync();
        await other.StopAsync();
        Assert.That((await subscriber.StatusAsync()).Code, Is.EqualTo(Unavailable));
    }

    [TestCase("globex", null, false), TestCase("globex", "globex", false), TestCase("vault", null, true), TestCase("vault", "vault", true)]
    public async Task Events_stay_within_the_tenants_of_the_token(string tokenOf, string? asked, bool seen)
    {
        await DescribeAsync("vault", 1, $"secret-{tokenOf}{asked}");
        var own = await DescribeAsync(tokenOf, 1, $"own-{tokenOf}{asked}");
        using var subscriber = Subscribe(tokenOf, new { request = new { tenants = asked is null ? Array.Empty<string>() : [asked] } });
        await Eventually.IsTrueAsync("the token's own last event", () => Task.FromResult(subscriber.Events.Any(e => Text(e, "position") == Text(own[0], "position"))));
        Assert.That(subscriber.Events.Any(e => Text(e, "subject").StartsWith("secret", StringComparison.Ordinal)), Is.EqualTo(seen));
    }

    [Test]
    public async Task What_a_call_is_denied_is_on_record_as_what_a_request_is_refused()
    {
        var heard = await Service.Bus.ListenAsync<AccessRefused>();
        await CodeAsync(new { token = Service.Tokens.For("technician", ["acme"], subject: "grpc-technician") });
        await CodeAsync(new { token = Service.Tokens.For("integrator", ["globex"], subject: "grpc-integrator"), request = new { tenants = new[] { "vault" } } });
        await CodeAsync(new { token = Service.Tokens.For("integrator", ["acme"], subject: "grpc-clumsy"), request = new { after = "yesterday" } });
        await Service.RecordRefusalsAsync();
        var told = await heard.WaitAsync(2, refused => refused.By?.StartsWith("grpc-", StringComparison.Ordinal) == true);
        Assert.That(told.Select(refused => (refused.By, refused.Problem, refused.Missing, refused.AskedTenantId, refused.Route)), Is.EquivalentTo(new (string?, string, string?, string?, string?)[]
        {
            ("grpc-technician", "missing-right", "read-events", null, "POST /fleet.v1.FleetEvents/Subscribe"), ("grpc-integrator", "unknown-tenant", null, "vault", "POST /fleet.v1.FleetEvents/Subscribe"),
        }));
    }

    [Test]
    public async Task Asking_for_another_tenant_is_denied() =>
        Assert.That(await CodeAsync(new { token = Service.Tokens.For("integrator", ["globex"]), request = new { tenants = new[] { "vault" } } }), Is.EqualTo(PermissionDenied));

    private Subscriber Subscribe(string tenant, object? ask = null)
    {
        var whole = ask is null ? [] : System.Text.Json.JsonSerializer.SerializeToNode(ask)!.AsObject();
        whole["token"] = Service.Tokens.For("integrator", [tenant]);
        return _js.Subscribe(GrpcAddress, whole);
    }

    private async Task<int> CodeAsync(object ask) => (await StatusAsync(ask)).Code;

    private async Task<(int Code, string Details)> StatusAsync(object ask)
    {
        using var subscriber = _js.Subscribe(GrpcAddress, ask);
        return await subscriber.StatusAsync();
    }

    private static string Essence(JsonNode e) => $"{Text(e, "position")} {Text(e, "id")} {Text(e, "type")} {Text(e, "source")} {Text(e, "subject")} {e["tenant"] ?? e["tenantid"]}";
}
