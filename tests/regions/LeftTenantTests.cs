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

/// <summary>What the region a customer has left says of it, and what it keeps: nothing.</summary>
public class LeftTenantTests : EuToUs
{
    protected override string[] Tenants => ["rueckkehr"];

    [Test]
    public async Task A_tenant_that_has_left_is_410_with_a_signed_tombstone_and_nothing_of_it_is_kept()
    {
        const string tenant = "rueckkehr";
        await TenantLife.LiveAsync(Eu, tenant);
        var open = await Move.ExportAsync(Eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(Eu, tenant, "us", open), "it is not closed");
        await Move.CloseAsync(Eu, tenant, "us");
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(Eu, tenant, "us", open), "an export from before it was closed");
        var export = await Move.ExportAsync(Eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(Eu, tenant, "us", export, now: false), "tokens from before still hold");
        Assert.CatchAsync<InvalidDataException>(() => Move.LeaveAsync(Eu, tenant, "us", string.Join('\n', export.Split('\n').Where((_, n) => n != 5))), "a file with a hole is not all that may be left");
        await using (var session = Eu.Service.Store(Consent.Consent.Module).LightweightSession(tenant))
        {
            // Something that was on its way when it was exported.
            session.Events.Append($"consent/{tenant}", new Consent.Consents.ConsentEvent.Withdrawn(["billing"], [], [], "x", Eu.Service.Clock.GetUtcNow(), null));
            await session.SaveChangesAsync();
        }
        await Eu.Service.SettledAsync();
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(Eu, tenant, "us", export), "it changed since");
        export = await Move.ExportAsync(Eu, tenant);

        var old = await Eu.TokenAsync("boss");
        var tombstone = await Move.LeaveAsync(Eu, tenant, "us", export);
        await Move.ImportAsync(Us, export);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "devices"), (HttpMethod.Post, "consents/grant"), (HttpMethod.Get, "sites"), (HttpMethod.Post, "enrolments") })
            foreach (var token in new[] { old, null })
            {
                using var http = Eu.With(token);
                var (status, gone) = await Move.AskAsync(http, method, $"/api/v1/tenants/{tenant}/{path}");
                Assert.That((status, gone.GetProperty("region").GetString(), gone.GetProperty("api").GetString()), Is.EqualTo((HttpStatusCode.Gone, "us", Plan.UrlOf("us"))));
                var keys = JsonSerializer.Deserialize<KeySet>(await http.GetStringAsync("/.well-known/fleet-region-keys"))!;
                Assert.That(CompactJws.Verify<Tombstone>(gone.GetProperty("tombstone").GetString()!, Tombstone.Type, keys), Is.EqualTo(tombstone));
                Assert.That(CompactJws.Verify<Tombstone>(gone.GetProperty("tombstone").GetString()!, Tombstone.Type, Es256Key.Of(await File.ReadAllTextAsync(Plan.KeyOf("us-region"))).Published), Is.Null, "the twin: another region's key does not verify it");
            }
        await AgentsAreToldAsync(tenant);
        await NothingIsKeptAsync(tenant);

        // And it may come back.
        await Move.CloseAsync(Us, tenant, "eu");
        var back = await Move.ExportAsync(Us, tenant);
        await Move.LeaveAsync(Us, tenant, "eu", back);
        Assert.That((await Move.ImportAsync(Eu, back)).IsNew, Is.True);
        Assert.That(Move.ContentOf(await Move.ExportAsync(Eu, tenant), Plan, "eu"), Is.EqualTo(Move.ContentOf(export, Plan, "eu")));
        await TenantLife.PublishAsync(Eu, tenant, 15, Eu.Service.Clock.GetUtcNow(), new Contracts.Edge.V1.AgentHealth("0.1.0", 7200, 1, 10, 10, 0, 0));

    }

    // What stays names the tenant and says where it went, or is its provider's list and the operator's clients with what the audit trail makes of them; none of it is the tenant's.
    private async Task NothingIsKeptAsync(string tenant)
    {
        await using var search = await Searched.FromNowAsync(Eu.Service);
        string[] left = [.. (await search.ForAsync(tenant)).Where(where => !where.StartsWith("log: ", StringComparison.Ordinal))];
        Assert.That(left.Where(where => !where.Contains("fleet_departure", StringComparison.Ordinal)).Select(where => where.Split('.', 2)[1].Split(':')[0]),
            Is.SubsetOf(new[] { "identity.mt_events", "identity.fleet_snapshot", "identity.mt_streams", "identity.audit_trail" }), string.Join('\n', left));
        foreach (var table in new[] { "mt_events", "mt_streams", "audit_trail", "people", "tenants", "sites", "enrolled_agents", "fleet_snapshot" })
            Assert.That(await Searched.RowsOfAsync(Eu.Service, "identity", table, tenant), Is.Zero, $"{table} has rows of the tenant's own");
        await using var session = Eu.Service.Store(Identity.Identity.Module).LightweightSession("provider:dealer");
        Assert.That((await session.Events.FetchStreamAsync(Provider.Key("dealer"))).Count(e => e.Data.ToString()!.Contains(tenant, StringComparison.Ordinal)), Is.EqualTo(2), "took on, let go");
    }

    private async Task AgentsAreToldAsync(string tenant)
    {
        using var asked = await Eu.AskTokenAsync($"{tenant}-admin");
        using var http = Eu.With();
        using var renewed = await http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = "fleet-agent",
            ["refresh_token"] = TenantLife.RefreshOf(tenant),
        }));
        foreach (var answer in new[] { asked, renewed })
        {
            var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((answer.StatusCode, error.GetProperty("error").GetString(), error.GetProperty("api").GetString()), Is.EqualTo((HttpStatusCode.MisdirectedRequest, "wrong_region", Plan.UrlOf("us"))));
        }
    }
}
