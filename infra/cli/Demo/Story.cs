using System.Globalization;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>
/// The demo's story, told through the HTTP API like anyone else would: a dealer with two customers, each with a site, a consent and a contract.
/// Every step carries an Idempotency-Key, so a killed start goes on where it was.
/// </summary>
public static class Story
{
    private static readonly string[] FieldGroups =
        ["identity", "network-address", "location", "counters", "supplies", "status", "firmware", "software-licence", "usage"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Tenants = new() { ["acme"] = "Acme Ltd", ["globex"] = "Globex Corp" };

    // The simulator counts in UTC: so the demo's month ends when its own count says so.
    private const string TimeZone = "Etc/UTC";

    public static async Task TellAsync(StateDirectory directory, string url, DateTimeOffset since, Action<string> say, TimeProvider clock, CancellationToken stop)
    {
        await TenantsAsync(directory, url, say, stop);
        await DemoPeople.InviteAsync(directory, url, say, stop);
        say("demo: consents and contracts");
        foreach (var tenant in Tenants.Keys)
            await ConsentAsync(tenant, since, directory, url, stop);
        using var billing = await FleetApi.AsAsync(url, directory, "billing", stop); // a token lists the tenants there are when it is issued
        using var dealer = await FleetApi.AsAsync(url, directory, "provider-admin", stop);
        foreach (var tenant in Tenants.Keys)
        {
            await AllowedAsync(billing, $"/api/v1/contracts?tenant={tenant}", clock, stop);
            await billing.PostAsync("/api/v1/contracts", Contract(tenant, since), $"demo-contract-{tenant}", stop);
            await AllowedAsync(dealer, $"/api/v1/tenants/{tenant}/devices?limit=1", clock, stop);
        }
    }

    // What a customer allows is told from service to service; until it has come there, the dealer sees nothing of it.
    private static async Task AllowedAsync(FleetApi dealer, string path, TimeProvider clock, CancellationToken stop)
    {
        if (!await Wait.UntilAsync(() => dealer.MayReadAsync(path, stop), Patience, clock, stop))
            throw new FleetException("The customer's consent does not arrive", path, "look at ./fleet logs host");
    }

    public static (string Period, DateTimeOffset Start) LastMonth(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-1);
        return (start.ToString("yyyy-MM", CultureInfo.InvariantCulture), start);
    }

    private static async Task ConsentAsync(string tenant, DateTimeOffset givenAt, StateDirectory directory, string url, CancellationToken stop)
    {
        using var customer = await FleetApi.AsAsync(url, directory, $"{tenant}-admin", stop);
        await customer.PostAsync($"/api/v1/tenants/{tenant}/consents/grant", new
        {
            purposes = new[] { "fleet-management", "billing" },
            features = new[] { "remote-monitoring" },
            fieldGroups = FieldGroups,
            evidence = "Signed by the demo's administrator on paper, page 1",
            givenAt
        }, $"demo-consent-{tenant}", stop);
    }

    private static async Task TenantsAsync(StateDirectory directory, string url, Action<string> say, CancellationToken stop)
    {
        say("demo: tenants and sites");
        using var dealer = await FleetApi.AsAsync(url, directory, "provider-admin", stop);
        foreach (var (tenantId, name) in Tenants)
        {
            await dealer.PostAsync("/api/v1/tenants", new { tenantId, name }, $"demo-tenant-{tenantId}", stop);
            await dealer.PostAsync($"/api/v1/tenants/{tenantId}/sites", new { siteId = "hq", name = "Headquarters", timeZone = TimeZone }, $"demo-site-{tenantId}", stop);
        }
    }

    // Devices that count black and colour per function, or one total only, are billed as black from what they have.
    private static object Contract(string tenantId, DateTimeOffset from) => new
    {
        tenantId,
        name = "Office printing",
        currency = "EUR",
        timeZone = TimeZone,
        startsOn = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        baseFee = 49.00m,
        charges = new object[]
        {
            new { counter = "mono", includedPages = 200, pricePerPage = 0.0085m, readFrom = new[] { "mono", "print.mono+copy.mono+fax.mono+fax", "total", "life" } },
            new { counter = "color", includedPages = 20, pricePerPage = 0.065m }
        },
        devices = "all"
    };
}
