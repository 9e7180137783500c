using System.Net;
using System.Text.Json.Nodes;
using Fleet.Cli.Consents;
using Fleet.Contracts.Edge.V1;
using Fleet.Simulator.Serving;
using Fleet.Testing;

namespace Fleet.Flows.Tests.NewCustomer;

/// <summary>What the customer who must be able to say no does on the first day: lets an agent in, allows a part, looks whether no was obeyed, leaves.</summary>
public class NewCustomerTests
{
    // ifTable and ipAddrTable; sysName and sysLocation.
    private static readonly string[] Addresses = ["1.3.6.1.2.1.2.", "1.3.6.1.2.1.4.20."], Location = ["1.3.6.1.2.1.1.5.", "1.3.6.1.2.1.1.6."];

    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(5), Watched = TimeSpan.FromSeconds(5);

    private NewCustomer _customer = null!;

    [SetUp]
    public async Task OpenAsync() => _customer = await NewCustomer.OpenAsync();

    [TearDown]
    public async Task CloseAsync() => await _customer.DisposeAsync();

    [Test]
    public async Task A_new_customer_lets_an_agent_in_allows_a_part_sees_that_no_was_obeyed_and_leaves()
    {
        await _customer.EnrolAndRunAsync();
        await Eventually.IsTrueAsync("the agent to have its grant, which opens nothing", () => Task.FromResult(_customer.HasSaid("nothing may be asked of any device")));
        Assert.That(_customer.AskedSince(default), Is.Empty, "enrolling is no consent");
        Assert.That(await StatusAsync(), Is.EqualTo(HttpStatusCode.Forbidden), "nor does it let the dealer in");

        await _customer.GrantAsync(new { purposes = new[] { "fleet-management", "billing" }, features = new[] { "remote-monitoring" }, fieldGroups = new[] { "identity", "counters", "supplies" } });
        await Eventually.IsAsync("every printer with counters and supplies, for the dealer", DevicesAsync,
            devices => devices.Count == NewCustomer.Printers && devices.All(device => device!["counters"]!.AsArray().Count > 0 && device["supplies"]!.AsArray().Count > 0), TimeSpan.FromSeconds(60));
        Assert.That(_customer.AskedSince(default).Where(packet => Asks(packet, Addresses) || Asks(packet, Location)), Is.Empty, "no address was asked of any printer");
        Assert.That(await _customer.StoredWithAsync(Words), Is.Zero, "nor is one stored anywhere");

        await TwinAsync();
        await LeaveAsync();
        await ProvenAsync();
    }

    // The twin: what is not asked and not stored above is asked and stored when it is allowed.
    private async Task TwinAsync()
    {
        var given = await _customer.GrantAsync(new { fieldGroups = new[] { "network-address" } });
        await Eventually.IsTrueAsync("addresses to be asked", () => Task.FromResult(_customer.AskedSince(given).Any(packet => Asks(packet, Addresses))), TimeSpan.FromSeconds(30));
        await Eventually.IsTrueAsync("addresses to be stored", async () => await _customer.StoredWithAsync(Words) > 0, TimeSpan.FromSeconds(30));
    }

    // At the machine itself, in the browser there.
    private async Task LeaveAsync()
    {
        using var page = await _customer.PageAsync();
        Assert.That(await page.GetAsync("/consents/all-sites"), Does.Not.Contain("checked"), "nothing is ticked");
        await page.SendAsync("/consents/all-sites", [("purpose", "fleet-management"), ("purpose", "billing"), ("feature", "remote-monitoring"), ("turn", "withdraw")]);
        var withdrawn = _customer.Service.Clock.GetUtcNow();
        await _customer.LaterAsync(withdrawn + InTime + Watched);
        Assert.That(_customer.AskedSince(withdrawn + InTime), Has.Count.LessThanOrEqualTo(1), "five seconds and one request");
        Assert.That(await StatusAsync(), Is.EqualTo(HttpStatusCode.Forbidden), "the dealer is out, too");
    }

    private async Task ProvenAsync()
    {
        var (consents, telemetry) = (_customer.Service.Place.DatabaseOf("consent").Auditor!, _customer.Service.Place.DatabaseOf("telemetry").Auditor!);
        var audited = await AuditConsent.RunAsync(consents, telemetry, null, one => TestContext.Out.WriteLine(one), _ => { }, CancellationToken.None);
        Assert.That((audited.OfDevices > NewCustomer.Printers * 2, audited.Outside), Is.EqualTo((true, 0L)), "the audit is clean, and had something to look at");

        var receipts = JsonNode.Parse(await _customer.Boss.GetStringAsync(new Uri("/api/v1/tenants/acme/consents/receipts", UriKind.Relative)))!["items"]!.AsArray();
        var keys = await _customer.Boss.GetStringAsync(new Uri(EdgeGrant.KeysPath, UriKind.Relative));
        var said = new List<string>();
        foreach (var receipt in receipts)
        {
            var (payload, fault) = ReceiptFile.Verify(await _customer.Boss.GetStringAsync(new Uri((string)receipt!["address"]!, UriKind.Relative)), keys);
            Assert.That(fault, Is.Null);
            var record = payload!["records"]![0]!;
            Assert.That(record["parties"]!.AsArray().Select(party => (string?)party!["party_id"]), Does.Contain("demo-dealer"), "between whom");
            said.Add($"{record["events"]![0]!["indication_method"]} {record["events"]![0]!["event_state"]}");
        }
        Assert.That(said, Is.EqualTo(new[] { "fleet:agent-page dpv:ConsentWithdrawn", "fleet:portal dpv:ConsentGiven", "fleet:portal dpv:ConsentGiven" }));
    }

    // What a printer's address looks like, wherever it stands.
    private IEnumerable<string> Words => [.. _customer.Devices.Manifest.Select(printer => $"\"{printer.Address}\""), "\"mac\": \""];

    private async Task<JsonArray> DevicesAsync()
    {
        using var answer = await _customer.Dealer.GetAsync(new Uri("/api/v1/tenants/acme/devices", UriKind.Relative));
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]!.AsArray() : [];
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var answer = await _customer.Dealer.GetAsync(new Uri("/api/v1/tenants/acme/devices", UriKind.Relative));
        return answer.StatusCode;
    }

    private static bool Asks(PacketLogLine packet, string[] below) => packet.Asked.Any(oid => below.Any(start => $"{oid}.".StartsWith(start, StringComparison.Ordinal)));
}
