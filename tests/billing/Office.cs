using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Billing.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

/// <summary>A billing service with a dealer who has customers; its printers are told by messages as telemetry sends them.</summary>
internal sealed class Office(RunningService service) : IAsyncDisposable
{
    public const string Dealer = "northwind";

    public RunningService Service => service;

    public static async Task<Office> OpenAsync() => new(await RunningService.StartAsync(Billing.Module));

    /// <summary>A billing clerk of the dealer.</summary>
    public HttpClient Clerk(params string[] tenants) => service.AsProvider("billing", Dealer, tenants);

    public static object Contract(string tenant, string name = "Office printing", string timeZone = "UTC", object? devices = null) => new
    {
        tenantId = tenant,
        name,
        currency = "EUR",
        timeZone,
        startsOn = "2025-01-01",
        baseFee = 49.90m,
        charges = new[] { new { counter = "mono", includedPages = 1000, pricePerPage = 0.0079m }, new { counter = "color", includedPages = 0, pricePerPage = 0.065m } },
        devices = devices ?? "all",
    };

    public static AcceptedReading Reading(string device, string time, long mono, long? color = null)
    {
        var id = Read(At(time), mono).Id;
        CounterValue[] counters = [new("mono", mono, "impressions", "1.3.1"), .. color is null ? [] : new[] { new CounterValue("color", color.Value, "impressions", "1.3.2") }];
        return new(id, device, "hq", At(time), At(time).AddSeconds(2), "kyocera/3", counters);
    }

    /// <summary>The tenant lets its data be used for billing, in these spans and no other.</summary>
    public async Task ConsentAsync(string tenant, long version, params ConsentSpan[] spans)
    {
        await service.Bus.PublishAsync(new ConsentChanged(tenant, version, spans, [], [], At("2025-01-01")));
        await Eventually.IsTrueAsync($"consent {version} of {tenant} known to billing", async () =>
        {
            await using var session = service.Store(Billing.Module).LightweightSession(tenant);
            return (await session.Events.AggregateStreamAsync<BillingConsent>(BillingConsent.Key(tenant)))?.Version == version;
        });
    }

    /// <summary>Signs the usual contract; the tenant has consented to billing since 2025.</summary>
    public async Task SignAsync(HttpClient clerk, string tenant, string timeZone = "UTC")
    {
        await ConsentAsync(tenant, 1, new ConsentSpan("billing", At("2025-01-01"), null));
        await SendAsync(clerk, "/api/v1/contracts", Contract(tenant, timeZone: timeZone), HttpStatusCode.Created);
    }

    /// <summary>Publishes and waits until as many readings (of one counter each) are kept.</summary>
    public async Task TellAsync(string tenant, int kept, params AcceptedReading[] readings)
    {
        await service.Bus.PublishAsync(new ReadingsAccepted(tenant, readings));
        await Eventually.IsAsync($"{kept} readings kept for {tenant}", () => KeptAsync(tenant), seen => seen >= kept);
    }

    public async Task<long> KeptAsync(string tenant)
    {
        await using var session = service.Store(Billing.Module).QuerySession(tenant);
        return await session.ScalarAsync<long>("select count(*) from meter_readings");
    }

    public static async Task<JsonNode> SendAsync(HttpClient http, string path, object body, HttpStatusCode expected = HttpStatusCode.OK, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(expected), text);
        return JsonNode.Parse(text)!;
    }

    public static async Task<JsonNode> GetAsync(HttpClient http, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(expected), text);
        return JsonNode.Parse(text)!;
    }

    public static Task<JsonNode> CloseAsync(HttpClient clerk, string period) => SendAsync(clerk, "/api/v1/billing/runs", new { period });

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
