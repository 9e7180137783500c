using System.Net.Http.Json;
using Fleet.Cli.Consents;
using Fleet.Testing;

namespace Fleet.Faults.Tests;

/// <summary>A customer says no, again and again, while its agents speak: not one event is kept that was observed while the no stood.</summary>
public class WithdrawalUnderLoadTests
{
    private const string Tenant = "acme";
    private const int Agents = 4, DevicesPerAgent = 3, Withdrawals = 15;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    // Said by the agents between two changes.
    private const int Between = 150;

    [Test, CancelAfter(120_000)]
    public async Task A_customer_that_withdraws_under_load_has_a_clean_audit(CancellationToken limit)
    {
        await using var service = await RunningService.StartAsync(Consent.Consent.Module, Telemetry.Telemetry.Module);
        using var admin = service.As("customer-admin", Tenant);
        var names = new { purposes = new[] { "billing" }, fieldGroups = new[] { "identity", "counters" } };
        await ChangeAsync(admin, "grant", names);

        var ledger = new Ledger();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var running = Task.WhenAll(Enumerable.Range(1, Agents)
            .Select(i => RunAsync(service, i, ledger, stop.Token)));
        for (var turn = 0; turn < Withdrawals; turn++)
        {
            await SaidAsync(ledger, Between);
            await ChangeAsync(admin, "withdraw", names);
            await SaidAsync(ledger, Between);
            await ChangeAsync(admin, "grant", names);
        }
        await stop.CancelAsync();
        await running.WaitAsync(limit);

        var (consent, telemetry) = (service.Place.DatabaseOf("consent").Auditor!, service.Place.DatabaseOf("telemetry").Auditor!);
        var outside = new List<Outside>();
        var audited = await Eventually.IsAsync(
            $"every one of {ledger.Acknowledged} events decided on",
            async () => (Sums: await AuditConsent.RunAsync(consent, telemetry, null, outside.Add, _ => { }, limit), Refused: await RefusedAsync(admin)),
            now => now.Refused + now.Sums.OfDevices >= ledger.Acknowledged);
        await TestContext.Out.WriteLineAsync($"acknowledged {ledger.Acknowledged}, stored of devices {audited.Sums.OfDevices}, refused {audited.Refused}, outside {audited.Sums.Outside}");
        Assert.Multiple(() =>
        {
            Assert.That(outside, Is.Empty);
            Assert.That(audited.Sums.OfDevices, Is.GreaterThan(ledger.Acknowledged / 10), "what was allowed came through");
            Assert.That(audited.Refused, Is.GreaterThan(ledger.Acknowledged / 10), "agents spoke on while the no stood");
        });
    }

    // Its disposal fails when the stop takes all of its patience: a batch in hand must not wait for an answer that nobody gives any more.
    [Test, CancelAfter(120_000)]
    public async Task A_stop_under_load_does_not_wait_for_who_has_stopped(CancellationToken limit)
    {
        var service = await RunningService.StartAsync(Consent.Consent.Module, Telemetry.Telemetry.Module);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit);
        Task running;
        await using (service)
        {
            using var admin = service.As("customer-admin", Tenant);
            await ChangeAsync(admin, "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "identity", "counters" } });
            var ledger = new Ledger();
            running = Task.WhenAll(Enumerable.Range(1, Agents)
                .Select(i => RunAsync(service, i, ledger, stop.Token)));
            await Eventually.IsTrueAsync("the load to run", () => Task.FromResult(ledger.Acknowledged > 500));
            await service.StopAsync(limit);
            Assert.That(service.Log.Lines.Where(line => line.Contains("left behind", StringComparison.Ordinal)), Is.Empty);
            Assert.That(service.Log.Lines.Where(line => line.Contains("has not said", StringComparison.Ordinal)), Is.Empty);
            await stop.CancelAsync();
            await running.WaitAsync(limit);
        }
    }

    private static async Task RunAsync(RunningService service, int number, Ledger ledger, CancellationToken stop)
    {
        var agent = new EdgeLoad(service.Place.BrokerOf("fleet-admin"), Tenant, $"agent-{number}", DevicesPerAgent, ledger, TestClock.Real);
        await service.Bus.PublishAsync(agent.Enrolled);
        await agent.RunAsync(Every, stop);
    }

    private static Task SaidAsync(Ledger ledger, int more)
    {
        var until = ledger.Acknowledged + more;
        return Eventually.IsTrueAsync($"{until} events said", () => Task.FromResult(ledger.Acknowledged >= until));
    }

    private static async Task ChangeAsync(HttpClient admin, string what, object names)
    {
        using var answer = await admin.PostAsJsonAsync($"/api/v1/tenants/{Tenant}/consents/{what}", names);
        Assert.That(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<long> RefusedAsync(HttpClient admin)
    {
        var page = await admin.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/tenants/{Tenant}/refusals");
        return page.GetProperty("items").EnumerateArray().Sum(row => row.GetProperty("events").GetInt64());
    }
}
