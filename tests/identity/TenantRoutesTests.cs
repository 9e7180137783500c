using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Identity.V1;
using Fleet.Testing;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests;

public class TenantRoutesTests
{
    private RunningIdentity _identity = null!;

    [OneTimeSetUp]
    public async Task Start() => _identity = await StartAsync(
        Client("boss", "provider-admin", provider: "demo-dealer"),
        Client("rival", "provider-admin", provider: "other-dealer"),
        Client("tech", "technician", provider: "demo-dealer"));

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [Test]
    public async Task A_tenant_created_is_listed_announced_and_in_the_next_token()
    {
        var heard = await _identity.Service.Bus.ListenAsync<TenantCreated>();
        using var boss = await _identity.AsAsync("boss");

        using var created = await boss.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme GmbH" });
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await ListAsync(boss), Does.Contain("acme"));

        var message = (await heard.WaitAsync(1)).Single(m => m.TenantId == "acme");
        Assert.That((message.ProviderId, message.Name), Is.EqualTo(("demo-dealer", "Acme GmbH")));
        using var technician = await _identity.AsAsync("tech");
        Assert.That(await ListAsync(technician), Does.Contain("acme"));
    }

    private static async Task<IEnumerable<string?>> ListAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/v1/tenants")).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("tenantId").GetString());
}
