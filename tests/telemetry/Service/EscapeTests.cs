using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Telemetry.Devices;
using Npgsql;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Tenants are walled: in the API and, should that fail, in SQL. Each wall is seen to leak when it is opened on purpose.</summary>
public class EscapeTests
{
    private static readonly string AcmesDevice = DeviceIdentity.IdOf("acme", "hq", P2040);
    private RunningTelemetry _telemetry = null!;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        foreach (var site in new[] { new Site(), new Site("globex", "plant", "globex-plant") })
            await _telemetry.ReceiveAsync(site, site.SendsAt(Noon, Seen(), Meter(1), Toner(3600), Status("warning", "lowToner"), Health()), site.SendsAt(Noon, Meter(-100)),
                site.SendsAt(Noon, Meter(1, new("e1", "Kyocera", "E1")), Meter(1, new("e2", Mac: "00:17:c8:00:00:0e")), Meter(1, new("e3", "Kyocera", "E1", "00:17:c8:00:00:0e"))),
                site.SendsAt(Noon.AddMinutes(60), Meter(20_000)), site.SendsAt(Noon.AddMinutes(50), Meter(5)));
        await SaveReportsAsync();
    }

    // A table nobody has a row in proves no wall.
    private async Task SaveReportsAsync()
    {
        foreach (var tenant in new[] { "acme", "globex" })
        {
            using var http = _telemetry.Service.As("technician", tenant);
            using var saved = await http.PostAsJsonAsync($"/api/v1/tenants/{tenant}/report-templates", new { name = "All", report = new { report = "devices", format = "csv" } });
            Assert.That(saved.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }
        await _telemetry.Service.SettledAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    private static IEnumerable<string> Paths =>
    [
        "/api/v1/tenants/acme/devices",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/readings",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/readings/named",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/epochs",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/meters",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/supplies",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/timeline",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}/history",
        "/api/v1/tenants/acme/refusals",
        "/api/v1/tenants/acme/report-templates",
        "/api/v1/tenants/acme/reports/devices.csv",
        "/api/v1/tenants/acme/summary",
        "/api/v1/tenants/acme/summary?at=2100-01-01T00:00:00Z",
        "/api/v1/tenants/acme/devices?at=2100-01-01T00:00:00Z",
        $"/api/v1/tenants/acme/devices/{AcmesDevice}?at=2100-01-01T00:00:00Z",
    ];

    [TestCaseSource(nameof(Paths))]
    public async Task A_tenants_path_is_open_to_those_who_see_the_tenant_and_unknown_to_all_others(string path)
    {
        Assert.That(await StatusAsync(path, "acme"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(path, "globex"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(path), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_foreign_device_is_not_to_be_had_through_ones_own_path()
    {
        foreach (var part in new[] { "", "/timeline", "/history", "?at=2100-01-01T00:00:00Z" })
            Assert.That(await StatusAsync($"/api/v1/tenants/globex/devices/{AcmesDevice}{part}", "globex"), Is.EqualTo(HttpStatusCode.NotFound), part);
    }

    [Test]
    public async Task The_list_of_agents_ends_at_the_wall()
    {
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await AgentsAsync("/api/v1/agents", "globex"), Is.EqualTo(new[] { "globex-plant" }));
            Assert.That(await AgentsAsync("/api/v1/agents?tenant=acme", "globex"), Is.Empty);
            Assert.That(await AgentsAsync("/api/v1/agents", "acme", "globex"), Is.EquivalentTo(new[] { "acme-hq", "globex-plant" }));
            Assert.That(await AgentsAsync("/api/v1/agents?tenant=acme", "acme", "globex"), Is.EqualTo(new[] { "acme-hq" }));
        });
    }

    [Test]
    public async Task The_fleet_in_numbers_ends_at_the_wall()
    {
        async Task<string?[]> TenantsAsync(params string[] tenants) =>
            [.. (await _telemetry.GetAsync("/api/v1/fleet/summary", tenants)).GetProperty("tenants").EnumerateArray().Select(one => one.GetProperty("tenantId").GetString())];
        var own = (await _telemetry.GetAsync("/api/v1/fleet/summary", "globex")).GetProperty("devices").GetInt64();

        Assert.That(await TenantsAsync("globex"), Is.EqualTo(new[] { "globex" }));
        Assert.That(await TenantsAsync("acme", "globex"), Is.EqualTo(new[] { "acme", "globex" }));
        Assert.That((await _telemetry.GetAsync("/api/v1/fleet/summary", "acme", "globex")).GetProperty("devices").GetInt64(), Is.EqualTo(2 * own), "the door of its owner");
        Assert.That((await _telemetry.GetAsync("/api/v1/tenants/globex/devices?at=2100-01-01T00:00:00Z", "globex")).GetProperty("items").GetArrayLength(), Is.EqualTo(own));
    }

    [Test]
    public async Task An_agents_token_reads_nothing()
    {
        using var http = _telemetry.Service.As("agent", "acme");
        Assert.That((await http.GetAsync("/api/v1/tenants/acme/devices")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task The_reader_role_sees_rows_of_its_tenants_only_in_every_table_it_may_read()
    {
        var tables = await ReadableAsync();

        Assert.That(tables, Is.SupersetOf(new[]
        {
            "devices", "readings", "reading_judgements", "counter_epochs", "daily_meters", "supplies", "agents", "refusal_counts", "device_presence", "device_name", "device_link",
        }));
        foreach (var table in tables)
            await Assert.MultipleAsync(async () =>
            {
                Assert.That(await RowsOfAcmeAsync(table, "acme"), Is.GreaterThan(0), $"{table}: the wall has a door for its owner");
                Assert.That(await RowsOfAcmeAsync(table, "globex"), Is.Zero, $"{table} leaks to another tenant");
                Assert.That(await RowsOfAcmeAsync(table, ""), Is.Zero, $"{table} leaks to nobody in particular");
            });
    }

    [TestCase("device_presence")]
    [TestCase("device_name")]
    [TestCase("device_link")]
    public async Task An_open_wall_is_seen(string table)
    {
        await OwnerAsync($"alter table telemetry.{table} disable row level security");
        try
        {
            Assert.That(await RowsOfAcmeAsync(table, "globex"), Is.GreaterThan(0));
        }
        finally
        {
            await OwnerAsync($"alter table telemetry.{table} enable row level security");
        }
    }

    [TestCase("select count(*) from telemetry.mt_events")]
    [TestCase("select count(*) from telemetry.fleet_snapshot")]
    [TestCase("update telemetry.devices set status = 'down'")]
    [TestCase("delete from telemetry.device_presence")]
    public void The_reader_role_reads_views_and_does_nothing_else(string sql) =>
        Assert.That(Assert.ThrowsAsync<PostgresException>(() => ReaderAsync("acme", sql))!.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));

    private async Task<HttpStatusCode> StatusAsync(string path, params string[] tenants)
    {
        using var http = tenants.Length > 0 ? _telemetry.Service.As("technician", tenants) : _telemetry.Service.With();
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task<string?[]> AgentsAsync(string path, params string[] tenants) =>
        [.. (await _telemetry.ItemsAsync(path, tenants)).Select((JsonElement a) => a.GetProperty("agentId").GetString())];

    private Task<long> RowsOfAcmeAsync(string table, string tenants) => ReaderAsync(tenants, $"select count(*) from telemetry.{table} where tenant_id = 'acme'");

    private async Task<string[]> ReadableAsync()
    {
        await using var connection = new NpgsqlConnection(_telemetry.Service.Place.DatabaseOf("telemetry").Reader);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select relname::text from pg_class where relnamespace = 'telemetry'::regnamespace and relkind = 'r' and has_table_privilege(oid, 'select') order by 1
            """, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await rows.ReadAsync())
            tables.Add(rows.GetString(0));
        return [.. tables];
    }

    private async Task<long> ReaderAsync(string tenants, string sql)
    {
        await using var connection = new NpgsqlConnection(_telemetry.Service.Place.DatabaseOf("telemetry").Reader);
        await connection.OpenAsync();
        await using (var claim = new NpgsqlCommand("select set_config('fleet.tenants', $1, false)", connection) { Parameters = { new() { Value = tenants } } })
            await claim.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long?)await command.ExecuteScalarAsync() ?? 0;
    }

    private async Task OwnerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
