using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Testing;
using Npgsql;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>An import that is killed when some stores have the tenant and others do not: nobody reaches the half, and the same import makes it whole.</summary>
public class HalfImportTests
{
    // In the order they are committed in; identity, which gives the tokens, is the last.
    private static readonly string[] Instants = ["telemetry", "licensing", "identity"];

    private RegionsPlan _plan = null!;
    private RunningRegion _eu = null!, _us = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        object[] clients = [Client("boss", "provider-admin", provider: "dealer"), .. Instants.Append("open").Select(instant => Client($"half-{instant}-admin", "customer-admin", tenant: $"half-{instant}"))];
        _plan = new RegionsPlan("eu", "us");
        _eu = await StartAsync("eu", _plan, clients);
        _us = await StartAsync("us", _plan, clients);
    }

    [OneTimeTearDown]
    public async Task Stop() => await Ending.AllAsync(("us", () => _us.DisposeAsync().AsTask()), ("eu", () => _eu.DisposeAsync().AsTask()), ("the plan", _plan.RemoveAsync));

    [TestCaseSource(nameof(Instants))]
    public async Task Killed_between_two_commits_it_is_in_nobodys_reach_and_the_same_import_finishes_it(string instant)
    {
        var tenant = $"half-{instant}";
        await TenantLife.LiveAsync(_eu, tenant);
        await Move.CloseAsync(_eu, tenant, "us");
        var export = await Move.ExportAsync(_eu, tenant);
        // A token from before, for a tenant that was nowhere here.
        using var early = await _us.AsAsync($"{tenant}-admin");

        await KilledImport.RunAsync(_us, tenant, export, before: instant);
        Assert.That((await KilledImport.HasAsync(_us, "consent", tenant), await KilledImport.HasAsync(_us, instant, tenant)), Is.EqualTo((true, false)), "half of it is here");
        Assert.That(await ReachedAsync(early, tenant), Is.Empty);
        using (var boss = await _us.AsAsync("boss"))
            Assert.That(await ReachedAsync(boss, tenant), Is.Empty);
        if (instant == "identity")
            Assert.That(await HalfWithoutItsMarksAsync(early, tenant), Is.Not.Empty, "the twin: without what keeps it closed the half would be seen");

        // Another file of the same tenant is refused, and told which one is meant; so is everything else that would be done to it.
        var other = await Move.ExportAsync(_eu, tenant);
        Assert.That(async () => await Move.ImportAsync(_us, other), Throws.InvalidOperationException.With.Message.Contains("is not finished: run that one again"));
        Assert.That(async () => await Move.CloseAsync(_us, tenant, "eu"), Throws.InvalidOperationException.With.Message.Contains("is not finished"));
        Assert.That(async () => await Move.ReopenAsync(_us, tenant), Throws.InvalidOperationException.With.Message.Contains("is not finished"));
        Assert.That(async () => await Move.ExportAsync(_us, tenant), Throws.InvalidOperationException.With.Message.Contains("is not finished"));

        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.True);
        Assert.That(Move.ContentOf(await Move.ExportAsync(_us, tenant), _plan, "us"), Is.EqualTo(Move.ContentOf(export, _plan, "eu")));
        using var admin = await _us.AsAsync($"{tenant}-admin");
        Assert.That(await ReachedAsync(admin, tenant), Is.SupersetOf(new[] { $"/api/v1/tenants/{tenant}/devices", "/api/v1/contracts", "/api/v1/alerts", "/api/v1/people" }), "whole, it is there for its people");
        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.False);
    }

    [Test]
    public async Task Killed_while_its_stores_open_it_gives_no_token_and_the_same_import_finishes_it()
    {
        const string tenant = "half-open";
        await TenantLife.LiveAsync(_eu, tenant);
        await Move.CloseAsync(_eu, tenant, "us");
        var export = await Move.ExportAsync(_eu, tenant);
        await Move.ImportAsync(_us, export);
        // As it is when all stores have it and some are closed still.
        foreach (var module in new[] { "billing", "identity" })
            await SqlAsync(module, $"insert into {module}.fleet_departure (tenant_id, region, closed_at) values ('{tenant}', 'us', now())");
        using (var refused = await _us.AskTokenAsync($"{tenant}-admin"))
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.False, "nothing is written");
        using var given = await _us.AskTokenAsync($"{tenant}-admin");
        Assert.That(given.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // Every way to what is there of it, by name and by lists that name nobody.
    private static async Task<IReadOnlyList<string>> ReachedAsync(HttpClient http, string tenant)
    {
        var reached = new List<string>();
        foreach (var path in new[] { $"/api/v1/tenants/{tenant}/devices", $"/api/v1/tenants/{tenant}/consents", $"/api/v1/tenants/{tenant}/sites", $"/api/v1/contracts?tenant={tenant}", "/api/v1/contracts", "/api/v1/invoices", "/api/v1/alerts", "/api/v1/agents", "/api/v1/licences", "/api/v1/people", "/api/v1/tenants" })
        {
            using var answer = await http.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && (!text.StartsWith('{') || !JsonDocument.Parse(text).RootElement.TryGetProperty("items", out var items) || items.EnumerateArray().Any(item => item.GetRawText().Contains(tenant, StringComparison.Ordinal))))
                reached.Add(path);
        }
        return reached;
    }

    private async Task<IReadOnlyList<string>> HalfWithoutItsMarksAsync(HttpClient http, string tenant)
    {
        string[] here = ["consent", "telemetry", "alerting", "billing", "licensing", "integration"];
        foreach (var module in here)
            await SqlAsync(module, $"delete from {module}.fleet_departure where tenant_id = '{tenant}'");
        var reached = await ReachedAsync(http, tenant);
        foreach (var module in here)
            await SqlAsync(module, $"insert into {module}.fleet_departure (tenant_id, region, closed_at) values ('{tenant}', 'us', now())");
        return reached;
    }

    private async Task SqlAsync(string module, string sql)
    {
        await using var source = NpgsqlDataSource.Create(_us.Service.Place.DatabaseOf(module).Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
