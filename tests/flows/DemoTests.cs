using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Simulator.Commands;

namespace Fleet.Flows.Tests;

/// <summary>`./fleet up` as a user runs it: printers over SNMP, AMQPS, streams, and out of the API as devices, alerts and invoices.</summary>
[NonParallelizable]
public class DemoTests
{
    private const int Printers = 24;
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(2);
    private Demo _demo = null!;

    [OneTimeSetUp]
    public async Task UpAsync() => _demo = await Demo.UpAsync(Printers, port: 18700);

    [OneTimeTearDown]
    public async Task DownAsync() => await _demo.DisposeAsync();

    [Test, Order(1)]
    public async Task Every_printer_is_listed_with_serial_model_counters_and_supplies()
    {
        using var dealer = await _demo.AsAsync("provider-admin");
        var tenants = (await dealer.AllAsync("/api/v1/tenants")).Select(t => t["tenantId"]!.GetValue<string>());
        Assert.That(tenants, Is.EquivalentTo(new[] { "acme", "globex" }));

        var devices = (await DevicesAsync(dealer)).ToList();
        Assert.That(devices, Has.Count.EqualTo(Printers));
        Assert.Multiple(() =>
        {
            foreach (var device in devices)
            {
                Assert.That(device["serial"]?.GetValue<string>(), Is.Not.Empty, $"serial of {device}");
                Assert.That(device["model"]?.GetValue<string>(), Is.Not.Empty, $"model of {device}");
                Assert.That(device["counters"]!.AsArray(), Is.Not.Empty, $"counters of {device}");
                Assert.That(device["supplies"]!.AsArray(), Is.Not.Empty, $"supplies of {device}");
            }
        });
        Assert.That(devices.Select(d => d["serial"]!.GetValue<string>()), Is.EquivalentTo(Manifest().Select(p => p!["serial"]!.GetValue<string>())));
    }

    [Test, Order(2)]
    public async Task The_alert_stream_moves()
    {
        using var desk = await _demo.AsAsync("technician");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var stream = await desk.GetStreamAsync(new Uri("/api/v1/alerts/stream?after=0", UriKind.Relative), patience.Token);
        using var lines = new StreamReader(stream);
        var events = new List<string>();
        while (events.Count < 3 && await lines.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("event: alert-", StringComparison.Ordinal))
                events.Add(line);
        Assert.That(events, Has.Count.EqualTo(3));
    }

    [Test, Order(3)]
    public async Task The_closed_months_invoices_count_the_simulators_own_pages()
    {
        using var billing = await _demo.AsAsync("billing");
        var serials = (await DevicesAsync(billing)).ToDictionary(d => d["id"]!.GetValue<string>(), d => d["serial"]!.GetValue<string>());
        var invoices = new List<JsonNode>();
        foreach (var summary in await billing.AllAsync("/api/v1/invoices"))
            invoices.Add(await billing.JsonAsync($"/api/v1/invoices/{summary["invoiceId"]}"));
        Assert.That(invoices, Has.Count.EqualTo(2), "one contract per tenant");

        var period = DateTimeOffset.ParseExact($"{invoices[0]["period"]}-01Z", "yyyy-MM-ddK", CultureInfo.InvariantCulture);
        var billed = invoices.SelectMany(i => i["lines"]!.AsArray()).Where(l => l!["kind"]!.GetValue<string>() == "pages")
            .GroupBy(l => serials[l!["deviceId"]!.GetValue<string>()])
            .ToDictionary(device => device.Key, device => device.Sum(l => l!["pages"]!.GetValue<long>()));
        var counted = CountPages.Of(Manifest()[0]!["seed"]!.GetValue<long>(), Printers, period, period.AddMonths(1))
            .ToDictionary(p => p.Serial, p => p.Counters["total"].Pages);
        Assert.That(counted.Values.Sum(), Is.Positive);
        Assert.That(billed, Is.EqualTo(counted));
    }

    [Test, Order(4)]
    public async Task An_invoice_line_names_its_first_and_last_reading_and_the_CSV_says_the_same()
    {
        using var billing = await _demo.AsAsync("billing");
        var id = (await billing.AllAsync("/api/v1/invoices?tenant=acme"))[0]["invoiceId"]!.GetValue<string>();
        var invoice = await billing.JsonAsync($"/api/v1/invoices/{id}");
        var lines = invoice["lines"]!.AsArray();
        foreach (var line in lines.Where(l => l!["kind"]!.GetValue<string>() == "pages"))
            Assert.That(line!["last"]!["value"]!.GetValue<long>() - line["first"]!["value"]!.GetValue<long>(), Is.EqualTo(line["pages"]!.GetValue<long>()));
        Assert.That(lines.Sum(l => l!["amount"]!.GetValue<decimal>()), Is.EqualTo(invoice["total"]!.GetValue<decimal>()));

        var csv = await billing.GetStringAsync(new Uri($"/api/v1/invoices/{id}.csv", UriKind.Relative));
        Assert.That(csv.TrimEnd().Split('\n'), Has.Length.EqualTo(lines.Count + 1));
    }

    [Test, Order(5)]
    public async Task A_tenant_sees_its_own_and_nobody_elses()
    {
        using var acme = await _demo.AsAsync("acme-admin");
        Assert.That(await acme.AllAsync("/api/v1/tenants/acme/devices"), Is.Not.Empty);
        foreach (var path in new[] { "/api/v1/tenants/globex/devices", "/api/v1/tenants/globex/consents", "/api/v1/alerts?tenant=globex", "/api/v1/tenants/nobody/devices" })
        {
            using var answer = await acme.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That((int)answer.StatusCode, Is.EqualTo(404), path);
        }
    }

    [Test, Order(6)]
    public async Task Integrators_read_the_facts_their_purpose_opens_and_a_provider_all_of_them()
    {
        var (integrators, providers) = (await EventTypesAsync("integrator"), await EventTypesAsync("provider-admin"));
        Assert.That(integrators, Has.Some.Contains("reading").And.Some.Contains("alert"));
        Assert.That(integrators, Has.None.Contains("invoice"), "the demo's is registered for fleet-management, and invoices are for billing");
        Assert.That(providers, Has.Some.Contains("reading").And.Some.Contains("alert").And.Some.Contains("invoice"));
    }

    [Test, Order(7)]
    public async Task Its_agents_were_let_in_by_their_tenants_administrators_and_hold_no_secret()
    {
        foreach (var tenant in new[] { "acme", "globex" })
        {
            using var admin = await _demo.AsAsync($"{tenant}-admin");
            var agent = (await admin.AllAsync($"/api/v1/tenants/{tenant}/enrolments")).Single();
            Assert.That((agent["agentId"]!.GetValue<string>(), agent["by"]!.GetValue<string>(), agent["revokedAt"]), Is.EqualTo(($"{tenant}-hq", $"{tenant}-admin", (JsonNode?)null)));
            Assert.That(File.Exists(Path.Combine(_demo.State, "secrets", $"{tenant}-hq.secret")), Is.False);
        }
    }

    [Test, Order(7)]
    public async Task Seats_are_taken_by_the_devices_that_reported()
    {
        using var dealer = await _demo.AsAsync("provider-admin");
        Assert.That((await dealer.JsonAsync("/api/v1/licences")).ToJsonString(), Does.Contain("acme").And.Contain("globex"));
    }

    [Test, Order(8)]
    public async Task Down_leaves_no_process_behind()
    {
        Assert.That(_demo.Processes(), Is.Not.Empty, "what runs names its state directory; else this test sees nothing");
        await _demo.DownAsync();
        Assert.That(_demo.Processes(), Is.Empty);
    }

    [Test, Order(9)]
    public async Task A_launcher_killed_in_the_middle_of_a_start_is_recovered_by_the_next_up_and_Ctrl_C_ends_that_one_whole()
    {
        using (var killed = _demo.StartUp(Printers))
        {
            killed.WaitForLine("starting the services", Start);
            killed.Send(Signal.Kill);
            await killed.ExitAsync(Start);
        }
        Assert.That(_demo.Processes(), Is.Not.Empty, "a killed launcher leaves what it started; else this test shows nothing");

        using var next = _demo.StartUp(Printers);
        next.WaitForLine("an earlier start left something behind", Start);
        next.WaitForLine("Agents acme-hq and globex-hq started", Start);
        using (var dealer = await _demo.AsAsync("provider-admin"))
            Assert.That((await DevicesAsync(dealer)).Count(), Is.EqualTo(Printers), "what was there before is there again");
        await Its_agents_were_let_in_by_their_tenants_administrators_and_hold_no_secret();

        next.Send(Signal.Interrupt);
        Assert.That(await next.ExitAsync(Start), Is.Zero);
        Assert.That(_demo.Processes(), Is.Empty);
    }

    private static async Task<IEnumerable<JsonNode>> DevicesAsync(HttpClient client) =>
        [.. await client.AllAsync("/api/v1/tenants/acme/devices"), .. await client.AllAsync("/api/v1/tenants/globex/devices")];

    private JsonArray Manifest() => JsonNode.Parse(File.ReadAllText(Path.Combine(_demo.State, "simulator", "manifest.json")))!.AsArray();

    private async Task<IReadOnlyCollection<string>> EventTypesAsync(string who)
    {
        using var reader = await _demo.AsAsync(who);
        var types = new HashSet<string>();
        var (position, last) = ("0", 0L);
        for (JsonNode? page = null; page is null || page["next"] is not null; position = page["next"]?.GetValue<string>() ?? position)
        {
            page = await reader.JsonAsync($"/api/v1/events?after={position}&limit=1000");
            foreach (var e in page["items"]!.AsArray())
            {
                var at = long.Parse(e!["position"]!.GetValue<string>(), CultureInfo.InvariantCulture);
                Assert.That(at, Is.GreaterThan(last), "positions only grow");
                last = at;
                types.Add(e["type"]!.GetValue<string>());
            }
        }
        return types;
    }
}
