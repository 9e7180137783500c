using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>A customer on its way: it can be read, and nothing new is taken.</summary>
public class ClosedTenantTests : EuToUs
{
    protected override string[] Tenants => ["closing", "silent"];

    [Test]
    public async Task While_it_is_closed_a_tenant_can_be_read_and_takes_nothing_new_and_it_may_stay()
    {
        const string tenant = "closing";
        await TenantLife.LiveAsync(Eu, tenant);
        using var admin = await Eu.AsAsync($"{tenant}-admin");
        using var invited = await admin.PostAsJsonAsync("/api/v1/people", new { name = "Yves", email = $"yves@{tenant}.example", role = "customer-viewer" });
        var link = (await invited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString()!;
        var invitation = System.Web.HttpUtility.ParseQueryString(new Uri(link).Query)["token"]!;
        await Move.CloseAsync(Eu, tenant, "us");
        using (var nobody = Eu.With())
        using (var refused = await nobody.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation, password = "eleven grey herons over the weir" }))
            Assert.That((int)refused.StatusCode, Is.InRange(400, 499), "none of its people comes in");
        Assert.That((await Move.AskAsync(admin, HttpMethod.Get, $"/api/v1/tenants/{tenant}/sites")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Move.AskAsync(admin, HttpMethod.Post, $"/api/v1/tenants/{tenant}/consents/withdraw")).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        using (var token = await Eu.AskTokenAsync($"{tenant}-admin"))
            Assert.That(token.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        // What its people are refused meanwhile waits, too: it would be a line of the trail that was not exported.
        var before = Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu");
        Assert.That((await Move.AskAsync(admin, HttpMethod.Get, "/api/v1/events")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        await Eu.Service.RecordRefusalsAsync();
        Assert.That(Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu"), Is.EqualTo(before));

        await Move.ReopenAsync(Eu, tenant);
        await Eu.Service.RecordRefusalsAsync();
        Assert.That(Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu"), Is.Not.EqualTo(before), "the twin: open, it is on record");
        using (var token = await Eu.AskTokenAsync($"{tenant}-admin"))
            Assert.That(token.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var accepted = await admin.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation, password = "eleven grey herons over the weir" });
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), link);
    }

    [Test]
    public async Task While_it_is_closed_no_address_takes_anything_new_of_it_from_its_provider_and_its_agents_queues_go_when_it_leaves()
    {
        const string tenant = "silent", other = "zweimal-silent";
        await TenantLife.LiveAsync(Eu, tenant);
        using var boss = await Eu.AsAsync("boss");
        var alert = (await boss.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?tenant={tenant}")).GetProperty("items")[0].GetProperty("id").GetString();
        await Move.CloseAsync(Eu, tenant, "us");
        var before = Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu");
        object contract = new { tenantId = tenant, name = "Another", currency = "EUR", timeZone = "Etc/UTC", startsOn = "2026-01-01", baseFee = 1m, charges = Array.Empty<object>(), devices = "all" };
        object licence = new { tenantId = tenant, seats = 5, features = Array.Empty<string>(), maintenanceUntil = "2027-01-01", customerReference = "x" };
        (string Path, object Body)[] writes = [($"/api/v1/alerts/{alert}/acknowledge", new { }), ($"/api/v1/alerts/{alert}/resolve", new { }), ("/api/v1/contracts", contract), ("/api/v1/licences", licence)];
        foreach (var (path, body) in writes)
        {
            using var answer = await boss.PostAsJsonAsync(path, body);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((answer.StatusCode, problem.GetProperty("type").GetString()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "https://fleet.example/problems/tenant-moving")), path);
        }
        using (var run = await boss.PostAsJsonAsync("/api/v1/billing/runs", new { period = "2026-01" }))
            Assert.That((int)run.StatusCode, Is.LessThan(500), "the provider's others are billed");
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/contracts?tenant={tenant}")).GetProperty("items").GetArrayLength(), Is.EqualTo(1), "it can be read");
        Assert.That(Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu"), Is.EqualTo(before), "nothing was written");

        await Move.ReopenAsync(Eu, tenant);
        foreach (var (path, body) in writes)
        {
            using var answer = await boss.PostAsJsonAsync(path, body);
            Assert.That(answer.IsSuccessStatusCode, Is.True, $"the twin: open, {path} does it; {await answer.Content.ReadAsStringAsync()}");
        }

        // At last it leaves: what its agents would have been told is told to nobody.
        await using var connection = await new ConnectionFactory { Uri = Eu.Service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var whose in new[] { tenant, other })
            await channel.QueueDeclareAsync(EdgeAccess.ControlQueue(whose, $"{whose}-hq"), durable: true, exclusive: false, autoDelete: false);
        await Eu.Service.SettledAsync();
        await Move.CloseAsync(Eu, tenant, "us");
        await Move.LeaveAsync(Eu, tenant, "us", await Move.ExportAsync(Eu, tenant));
        Assert.That((await HasQueueAsync(connection, tenant), await HasQueueAsync(connection, other)), Is.EqualTo((false, true)), "its own and no other's");
    }

    private static async Task<bool> HasQueueAsync(IConnection connection, string tenant)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclarePassiveAsync(EdgeAccess.ControlQueue(tenant, $"{tenant}-hq"));
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
    }
}
