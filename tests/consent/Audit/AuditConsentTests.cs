using Fleet.Cli.Consents;
using Npgsql;
using static Fleet.Consent.Tests.Audit.AuditedPlace;

namespace Fleet.Consent.Tests.Audit;

[NonParallelizable] // the command writes to the console
public class AuditConsentTests
{
    private AuditedPlace _place = null!;

    [SetUp]
    public async Task OpenAsync() => _place = await AuditedPlace.OpenAsync();

    [TearDown]
    public async Task CloseAsync() => await _place.DisposeAsync();

    [Test]
    public async Task A_history_within_consent_is_clean_and_one_event_planted_outside_is_named()
    {
        var since = await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters", "identity" } });
        await _place.StoreAsync("acme", Card(since.AddSeconds(1)), Meter(since.AddSeconds(2)));
        var (clean, sums) = await _place.CommandAsync();
        Assert.That((clean, sums.Split('\n')[^2]), Is.EqualTo((0, "3 events of 1 tenants, 2 of devices: 0 outside consent")), "two events of a device, and one of what telemetry has learned");

        // The twin: the gate never lets such a one in, so it is put behind it.
        await _place.StoreAsync("acme", Meter(since.AddDays(-1)));
        var (exit, said) = await _place.CommandAsync();
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(said, Does.Match($"^outside: acme device/d1 [0-9a-f-]{{36}} {since.AddDays(-1).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} fleet-management\\|billing before-consent\n"));
        Assert.That(said, Does.Match(" counters before-consent\n"));
        Assert.That(said, Does.EndWith("4 events of 1 tenants, 3 of devices: 2 outside consent\n"));
    }

    [Test]
    public async Task A_name_that_was_never_granted_or_was_withdrawn_is_named_with_why()
    {
        var since = await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "fleet-management" }, fieldGroups = new[] { "counters", "identity" } });
        var until = await _place.ChangeAsync("acme", "withdraw", new { fieldGroups = new[] { "counters" } });
        await _place.StoreAsync("acme", Card(until.AddSeconds(1), address: "192.0.2.17"), Meter(until.AddSeconds(1)), Meter(since));
        var (_, found) = await _place.AuditAsync();
        Assert.That(found.Select(one => (one.FieldGroup, one.Why)), Is.EqualTo(new[] { ("network-address", "never-granted"), ("counters", "after-withdrawal") }));
    }

    [Test]
    public async Task One_tenants_consent_covers_no_others_and_an_audit_can_be_of_one_alone()
    {
        var since = await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters" } });
        await _place.StoreAsync("acme", Meter(since.AddSeconds(1)));
        await _place.StoreAsync("globex", Meter(since.AddSeconds(1)));
        Assert.That((await _place.AuditAsync()).Found.Select(one => one.Tenant).Distinct(), Is.EqualTo(new[] { "globex" }));
        Assert.That((await _place.AuditAsync("acme")).Sums.Outside, Is.Zero);
        var (exit, json) = await _place.CommandAsync("--tenant", "globex");
        Assert.That(exit, Is.EqualTo(1), json);
    }

    [Test]
    public async Task A_history_of_many_pages_is_looked_at_whole()
    {
        var since = await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters" } });
        await _place.StoreAsync("acme", [.. Enumerable.Range(1, 4_500).Select(n => Meter(n == 4_321 ? since.AddDays(-1) : since.AddSeconds(n)))]);
        var (sums, found) = await _place.AuditAsync();
        Assert.That(sums.OfDevices, Is.EqualTo(4_500));
        Assert.That(found.Select(one => one.ObservedAt).Distinct(), Is.EqualTo(new DateTimeOffset?[] { since.AddDays(-1) }).Using<DateTimeOffset?>((a, b) => (a!.Value - b!.Value).Duration() < TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task What_an_agents_fast_clock_dates_after_a_withdrawal_is_covered_when_it_had_come_before()
    {
        var since = await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters" } });
        var until = await _place.ChangeAsync("acme", "withdraw", new { fieldGroups = new[] { "counters" } });
        await _place.StoreJudgedAsync("acme", since, Meter(until.AddMinutes(1)));
        Assert.That((await _place.AuditAsync()).Found, Is.Empty);

        // The twin: it came after the withdrawal; and a judgement later than the observation excuses nothing.
        await _place.StoreJudgedAsync("acme", until.AddSeconds(1), Meter(until.AddMinutes(1)));
        await _place.StoreJudgedAsync("acme", since, Meter(since.AddDays(-1)));
        Assert.That((await _place.AuditAsync()).Found.Select(one => (one.FieldGroup, one.Why)), Is.EqualTo(new[]
        {
            ("counters", "after-withdrawal"), ("fleet-management|billing", "before-consent"), ("counters", "before-consent"),
        }));
    }

    [Test]
    public async Task A_tenant_nobody_knows_is_no_clean_history()
    {
        await _place.ChangeAsync("acme", "grant", new { purposes = new[] { "billing" } });
        var (exit, said) = await _place.CommandAsync("--tenant", "nobody");
        Assert.That(exit, Is.Not.Zero);
        Assert.That(said, Does.Not.Contain("outside consent"), "nothing was audited");
        Assert.That((await _place.CommandAsync("--tenant", "acme")).Exit, Is.Zero, "the twin");
    }

    [TestCase("update telemetry.mt_events set type = 'x'")]
    [TestCase("delete from telemetry.mt_events")]
    [TestCase("select * from telemetry.devices")]
    [TestCase("select correlation_id from telemetry.mt_events")]
    [TestCase("create table telemetry.mine (id int)")]
    public void The_auditor_reads_events_and_does_nothing_else(string sql) =>
        Assert.That(async () => await RunAsync(sql), Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).AnyOf(PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.ReadOnlySqlTransaction));

    [Test] // the twin
    public void The_auditor_does_read_events() => Assert.That(async () => await RunAsync("select data from telemetry.mt_events"), Throws.Nothing);

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_place.TelemetryDoor);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
