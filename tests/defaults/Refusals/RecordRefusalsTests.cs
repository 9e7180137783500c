using System.Net;
using Fleet.Contracts.Audit.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Defaults.Tests.Refusals;

/// <summary>What a service refuses to who is signed in is written to the caller's own house, and told.</summary>
public class RecordRefusalsTests
{
    private const string Notes = "/api/v1/tenants/{t}/notes";

    private static Module Keeping => new("licensing")
    {
        Streams = [Note.Stream, AccessRefusals.Stream],
        Views = [NoteRow.View],
        Tables = [TenantAccess.Table],
        Announcements = [AccessRefusals.Announcement],
        Routes = Tests.Notes.Module().Routes,
    };

    [Test]
    public async Task Rights_purposes_consents_and_walls_are_told_with_who_asked_for_what()
    {
        await using var service = await RunningService.StartAsync(Keeping);
        var heard = await service.Bus.ListenAsync<AccessRefused>();

        Assert.That(await GetAsync(service.As("customer-viewer", "acme"), "acme"), Is.EqualTo(HttpStatusCode.Forbidden), "a right");
        Assert.That(await GetAsync(service.As("customer-admin", "acme"), "globex"), Is.EqualTo(HttpStatusCode.NotFound), "a wall");
        Assert.That(await GetAsync(service.AsUnallowed("billing", "dealer", "umbrella"), "umbrella"), Is.EqualTo(HttpStatusCode.Forbidden), "a consent");
        var unfit = service.Tokens.For("provider-admin", ["acme"], "dealer", "robot", claims => claims["purposes"] = new[] { "marketing" });
        Assert.That(await GetAsync(service.With(unfit), "acme"), Is.EqualTo(HttpStatusCode.Forbidden), "a purpose");
        var person = service.Tokens.For("customer-viewer", ["acme"], subject: "p-1", change: claims => claims["client_id"] = "fleet-portal");
        Assert.That(await GetAsync(service.With(person), "acme"), Is.EqualTo(HttpStatusCode.Forbidden), "a person");
        Assert.That(await GetAsync(service.As("customer-admin", "acme"), "acme"), Is.EqualTo(HttpStatusCode.OK), "this is no refusal");
        Assert.That(await GetAsync(service.With(), "acme"), Is.EqualTo(HttpStatusCode.Unauthorized), "nor this: who asked is not known");
        await service.RecordRefusalsAsync();

        var told = await heard.WaitAsync(5);
        AccessRefused Of(string? tenant, string? provider, string kind, string by, string role, string problem, string? missing, string? asked = null) =>
            told.Single(one => one.By == by) with { TenantId = tenant, ProviderId = provider, Service = "licensing", Kind = kind, Role = role, Problem = problem, Missing = missing, AskedTenantId = asked, Route = $"GET {Notes}", Times = 1 };
        Assert.That(told, Is.EquivalentTo(new[]
        {
            Of("acme", null, "client", "customer-viewer-of-acme", "customer-viewer", "missing-right", "read-licences"),
            Of("acme", null, "client", "customer-admin-of-acme", "customer-admin", "unknown-tenant", null, "globex"),
            Of(null, "dealer", "client", "billing-of-umbrella", "billing", "consent-missing", "the feature 'remote-monitoring' and the purpose 'fleet-management' or 'billing'", "umbrella"),
            Of(null, "dealer", "client", "robot", "provider-admin", "purpose-missing", "fleet-management or billing"),
            Of("acme", null, "person", "p-1", "customer-viewer", "missing-right", "read-licences"),
        }));
    }

    [Test]
    public async Task Ten_thousand_in_a_minute_make_a_handful_of_events()
    {
        await using var service = await RunningService.StartAsync(Keeping);
        using var hostile = service.As("customer-viewer", "acme");
        using var curious = service.As("customer-admin", "acme");
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, cancel) =>
        {
            using var answer = await (n % 2 == 0 ? hostile : curious).GetAsync(new Uri($"/api/v1/tenants/{(n % 2 == 0 ? "acme" : $"tenant-{n}")}/notes", UriKind.Relative), cancel);
            Assert.That(answer.StatusCode, Is.EqualTo(n % 2 == 0 ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound));
        });
        await service.RecordRefusalsAsync();

        var written = await WrittenAsync(service);
        Assert.That(written, Has.Count.InRange(2, 3 * (CountedRefusals.PerCaller + 2)), "thrice, if a minute or two ended meanwhile");
        Assert.That(written.Sum(one => one.Times), Is.EqualTo(10_000), "all are counted");
        Assert.That(written.Where(one => one.Problem == "others").Sum(one => one.Times), Is.InRange(5_000 - 3 * CountedRefusals.PerCaller, 5_000 - CountedRefusals.PerCaller));
    }

    [Test]
    public async Task A_stop_writes_what_was_counted()
    {
        await using var service = await RunningService.StartAsync(Keeping);
        await GetAsync(service.As("customer-viewer", "acme"), "acme");
        Assert.That(await WrittenAsync(service), Is.Empty, "the minute is not over");
        await service.StopAsync();
        Assert.That(await WrittenAsync(service), Is.EqualTo(new[] { ("acme", "missing-right", 1) }));
    }

    [Test] // the twin
    public async Task A_module_that_does_not_list_the_stream_keeps_nothing()
    {
        await using var service = await RunningService.StartAsync(Tests.Notes.Module());
        await GetAsync(service.As("customer-viewer", "acme"), "acme");
        await service.RecordRefusalsAsync();
        Assert.That(await WrittenAsync(service), Is.Empty);
    }

    [Test]
    public async Task A_tenant_that_left_for_another_region_takes_nobody_elses_refusals_along()
    {
        await using var service = await RunningService.StartAsync(Keeping);
        await GetAsync(service.As("customer-viewer", "acme"), "acme");
        await GetAsync(service.As("customer-viewer", "globex"), "globex");
        await ExecuteAsync(service, "insert into licensing.fleet_departure (tenant_id, region, closed_at, left_at, statement) values ('acme', 'us', now(), now(), 'gone')");
        await service.RecordRefusalsAsync();
        Assert.That(await WrittenAsync(service), Is.EqualTo(new[] { ("globex", "missing-right", 1) }));
    }

    [Test]
    public async Task What_the_database_does_not_take_is_written_later()
    {
        await using var service = await RunningService.StartAsync(Keeping);
        await GetAsync(service.As("customer-viewer", "acme"), "acme");
        await ExecuteAsync(service, "alter table licensing.mt_events rename to mt_away");
        Assert.That(async () => await service.RecordRefusalsAsync(), Throws.InstanceOf<PostgresException>());
        await ExecuteAsync(service, "alter table licensing.mt_away rename to mt_events");
        await service.RecordRefusalsAsync();
        Assert.That(await WrittenAsync(service), Is.EqualTo(new[] { ("acme", "missing-right", 1) }));
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient http, string tenant)
    {
        using (http)
        {
            using var answer = await http.GetAsync(new Uri($"/api/v1/tenants/{tenant}/notes?note=secret", UriKind.Relative));
            return answer.StatusCode;
        }
    }

    private static async Task<IReadOnlyList<(string House, string Problem, int Times)>> WrittenAsync(RunningService service)
    {
        await using var database = NpgsqlDataSource.Create(service.Place.DatabaseOf("licensing").Owner);
        await using var command = database.CreateCommand("select tenant_id, data ->> 'problem', (data ->> 'times')::int from licensing.mt_events where type = 'access_refused' order by seq_id");
        await using var row = await command.ExecuteReaderAsync();
        var written = new List<(string, string, int)>();
        while (await row.ReadAsync())
            written.Add((row.GetString(0), row.GetString(1), row.GetInt32(2)));
        return written;
    }

    private static async Task ExecuteAsync(RunningService service, string sql)
    {
        await using var database = NpgsqlDataSource.Create(service.Place.DatabaseOf("licensing").Owner);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
