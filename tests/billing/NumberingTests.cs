using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using static Fleet.Billing.Tests.Office;

namespace Fleet.Billing.Tests;

/// <summary>Gapless, also when closes run at once and when the database refuses in the middle.</summary>
public class NumberingTests
{
    private static readonly string[] Tenants = ["acme", "globex", "initech", "umbrella"];

    private Office _office = null!;

    [SetUp]
    public async Task Open()
    {
        _office = await OpenAsync();
        using var clerk = _office.Clerk(Tenants);
        foreach (var tenant in Tenants)
            foreach (var name in new[] { "First", "Second" })
                await SendAsync(clerk, "/api/v1/contracts", Contract(tenant, name, devices: new[] { $"dev-{name}" }), HttpStatusCode.Created);
    }

    [TearDown]
    public async Task Close() => await _office.DisposeAsync();

    [Test]
    public async Task Closes_at_the_same_moment_leave_no_gap_and_no_double()
    {
        var clerks = Tenants.Select(t => _office.Clerk(t)).Append(_office.Clerk(Tenants)).Append(_office.Clerk(Tenants)).ToList();

        var runs = await Task.WhenAll(clerks.Select(clerk => CloseAsync(clerk, "2025-10")));

        Assert.That(await NumbersAsync(), Is.EqualTo(Enumerable.Range(1, 8).Select(n => $"northwind-{n:000000}")));
        Assert.That(Invoices(runs[4]), Is.EqualTo(Invoices(runs[5])), "both runs over everything answer with the same invoices");
        clerks.ForEach(clerk => clerk.Dispose());
    }

    [Test]
    public async Task A_close_that_fails_halfway_takes_no_number_and_can_be_run_again()
    {
        using var clerk = _office.Clerk(Tenants);
        // The last rows of the transaction to be written: stream, events and snapshots are there by then, uncommitted.
        await ExecuteAsync("create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$; "
            + "create trigger refuse before insert on billing.invoices for each row when (new.invoice_id like 'initech%') execute function refuse()");
        await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-10" }, HttpStatusCode.InternalServerError);
        Assert.That(await NumbersAsync(), Has.Count.EqualTo(4), "acme's and globex's are issued, whole");

        await ExecuteAsync("drop trigger refuse on billing.invoices");
        await CloseAsync(clerk, "2025-10");

        Assert.That(await NumbersAsync(), Is.EqualTo(Enumerable.Range(1, 8).Select(n => $"northwind-{n:000000}")));
    }

    [Test]
    public async Task The_same_key_gets_the_same_answer_and_with_another_body_a_conflict()
    {
        using var clerk = _office.Clerk(Tenants);
        var first = await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-10" }, key: "close-october");

        var again = await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-10" }, key: "close-october");
        await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-11" }, HttpStatusCode.Conflict, key: "close-october");

        Assert.That(again.ToJsonString(), Is.EqualTo(first.ToJsonString()));
    }

    private async Task<IReadOnlyList<string>> NumbersAsync()
    {
        using var clerk = _office.Clerk(Tenants);
        var (numbers, cursor) = (new List<string>(), (string?)"");
        while (cursor is not null)
        {
            // Three to a page, so that the cursor is tried on the way.
            var page = await GetAsync(clerk, $"/api/v1/invoices?limit=3&cursor={cursor}");
            numbers.AddRange(page["items"]!.AsArray().Select(i => i!["number"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        return [.. numbers.Order()];
    }

    private static IEnumerable<string> Invoices(JsonNode run) => run["invoices"]!.AsArray().Select(i => i!.ToJsonString());

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_office.Service.Place.DatabaseOf("billing").Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
