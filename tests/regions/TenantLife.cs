using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Identity.Agents;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Regions.Tests;

using IdentityAgent = Fleet.Identity.Agents.Agent;

/// <summary>A customer with something of everything: a site, a consent, a contract, an agent, a device with readings, supplies and an alert, an invoice, a licence's seat.</summary>
internal static class TenantLife
{
    private static readonly string[] FieldGroups = ["identity", "network-address", "location", "counters", "supplies", "status", "firmware"];
    private static readonly DeviceRef Printer = new("k1", "Kyocera", "VXA1234567");
    private static readonly ProfileRef Profile = new("kyocera", 3);

    /// <param name="tenant">Its administrator is the client <c>{tenant}-admin</c>, its provider's <c>boss</c>.</param>
    public static async Task LiveAsync(RunningRegion region, string tenant)
    {
        using (var boss = await region.AsAsync("boss"))
        {
            await SendAsync(boss, "/api/v1/tenants", new { tenantId = tenant, name = $"{tenant} AG" });
            await SendAsync(boss, $"/api/v1/tenants/{tenant}/sites", new { siteId = "hq", name = "Headquarters", timeZone = "Etc/UTC" });
        }
        var now = region.Service.Clock.GetUtcNow();
        using (var admin = await region.AsAsync($"{tenant}-admin"))
        {
            await SendAsync(admin, "/api/v1/people", new { name = "Zoë Zimmermann", email = $"zoe@{tenant}.example", role = "customer-viewer" });
            await SendAsync(admin, $"/api/v1/tenants/{tenant}/consents/grant", new
            {
                purposes = new[] { "fleet-management", "billing" },
                features = new[] { "remote-monitoring" },
                fieldGroups = FieldGroups,
                evidence = "on paper, page 1",
                givenAt = now.AddDays(-70),
            });
        }
        using (var boss = await region.AsAsync("boss"))
            await SendOnceAllowedAsync(boss, "/api/v1/contracts", new
            {
                tenantId = tenant,
                name = "Office printing",
                currency = "EUR",
                timeZone = "Etc/UTC",
                startsOn = now.AddDays(-65).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                baseFee = 49.00m,
                charges = new object[] { new { counter = "total", includedPages = 10, pricePerPage = 0.0085m } },
                devices = "all",
            });
        await EnrolAsync(region, tenant);
        await ReportAsync(region, tenant, now);
    }

    /// <summary>As many readings as days, the newest at <paramref name="now"/>; and the rest a printer says.</summary>
    private static async Task ReportAsync(RunningRegion region, string tenant, DateTimeOffset now)
    {
        var (sequence, pages) = (0L, 1_000L);
        for (var day = 60; day >= 0; day -= 5)
            await PublishAsync(region, tenant, ++sequence, now.AddDays(-day), Pages(pages += 250));
        await PublishAsync(region, tenant, ++sequence, now,
            new DeviceSeen(Printer, Profile, "ECOSYS P2040dn", "1.3.6.1.4.1.1347.41"),
            new SuppliesRead(Printer, Profile, [new("1.1", "TK-1170", "toner", "consumed", "black", "impressions", "measured", 360, 7200, 5m)]),
            new StatusChanged(Printer, "down", "other", ["jammed"]),
            new AgentHealth("0.1.0", 3600, 1, 10, 10, 0, 0));
        await Eventually.IsTrueAsync($"the alert about {tenant}'s printer", async () =>
        {
            await region.Service.SettledAsync();
            using var boss = await region.AsAsync("boss");
            return (await boss.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?tenant={tenant}")).GetProperty("items").GetArrayLength() > 0;
        });
    }

    /// <summary>What its printer has counted.</summary>
    public static MeterRead Pages(long total) => new(Printer, Profile, [new("total", total, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")]);

    /// <summary>One batch, past the broker's rights: as its administrator.</summary>
    public static async Task PublishAsync(RunningRegion region, string tenant, long sequence, DateTimeOffset at, params object[] data)
    {
        await using var connection = await new ConnectionFactory { Uri = region.Service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        EdgeEvent[] events = [.. data.Select((item, n) => new EdgeEvent("1.0", new Guid((int)sequence, (short)n, 7, [.. BitConverter.GetBytes(tenant.Sum(c => (long)c))]), $"/tenants/{tenant}/sites/hq/agents/{tenant}-hq",
            TypeOf(item), at, "application/json", tenant, JsonSerializer.SerializeToElement(item, item.GetType(), EdgeBatch.Json)))];
        var body = JsonSerializer.SerializeToUtf8Bytes(events, EdgeBatch.Json);
        var properties = new BasicProperties
        {
            ContentType = EdgeBatch.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = AgentSeal.HeadersOf(tenant, $"{tenant}-hq", sequence, body),
        };
        await channel.BasicPublishAsync(EdgeBatch.Exchange, EdgeBatch.RoutingKey(tenant, "hq", EdgeBatch.ReadingLane), mandatory: true, properties, body);
    }

    private static async Task EnrolAsync(RunningRegion region, string tenant)
    {
        var now = region.Service.Clock.GetUtcNow();
        await using var session = region.Service.Store(Identity.Identity.Module).LightweightSession(tenant);
        session.Events.Append(IdentityAgent.StreamKey($"{tenant}-hq"),
            new AgentEvent.Enrolled("hq", TestSeal.X, TestSeal.Y, "boss", now),
            new AgentEvent.Connected(RefreshToken.HashOf(RefreshOf(tenant)), now));
        await session.SaveChangesAsync();
    }

    /// <summary>The refresh token its agent holds.</summary>
    public static string RefreshOf(string tenant) => $"{tenant}.{tenant}-hq.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static string TypeOf(object data) => data switch
    {
        DeviceSeen => EdgeEventTypes.DeviceSeen,
        MeterRead => EdgeEventTypes.MeterRead,
        SuppliesRead => EdgeEventTypes.SuppliesRead,
        StatusChanged => EdgeEventTypes.StatusChanged,
        AgentHealth => EdgeEventTypes.AgentHealth,
        _ => throw new ArgumentException(data.GetType().Name, nameof(data)),
    };

    // The consent is on its way to billing.
    private static Task SendOnceAllowedAsync(HttpClient http, string path, object body) => Eventually.IsTrueAsync($"the consent for POST {path}", async () =>
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode;
    });

    private static async Task SendAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
