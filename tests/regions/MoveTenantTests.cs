using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>Customers that go from region eu to region us, with all they have.</summary>
public class MoveTenantTests
{
    private RegionsPlan _plan = null!;
    private RunningRegion _eu = null!, _us = null!;
    private Searched _inUs = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string[] tenants = ["wanderer", "zweimal", "broken", "rueckkehr", "closing", "silent", "geheim", "anywhere"];
        object[] ClientsFor(params string[] tenants) => [Client("boss", "provider-admin", provider: "dealer"), .. tenants.Select(tenant => Client($"{tenant}-admin", "customer-admin", tenant: tenant))];
        _plan = new RegionsPlan("eu", "us", "uk");
        _eu = await StartAsync("eu", _plan, ClientsFor(tenants));
        _us = await StartAsync("us", _plan, ClientsFor([.. tenants.Except(["broken"])]));
        _inUs = await Searched.FromNowAsync(_us.Service);
    }

    [OneTimeTearDown]
    public async Task Stop() => await Ending.AllAsync(
        ("the search", () => _inUs.DisposeAsync().AsTask()), ("us", () => _us.DisposeAsync().AsTask()), ("eu", () => _eu.DisposeAsync().AsTask()), ("the plan", _plan.RemoveAsync));

    [Test]
    public async Task A_tenant_moves_whole_and_nothing_is_said_twice()
    {
        const string tenant = "wanderer";
        await TenantLife.LiveAsync(_eu, tenant);
        var said = await _us.Service.Bus.ListenAsync<ReadingsAccepted>();
        var created = await _us.Service.Bus.ListenAsync<TenantCreated>();
        await Move.CloseAsync(_eu, tenant, "us");
        var export = await Move.ExportAsync(_eu, tenant);
        var imported = await Move.ImportAsync(_us, export);
        Assert.That((imported.IsNew, imported.NotCompared), Is.EqualTo((true, Array.Empty<string>())));

        var again = await Move.ExportAsync(_us, tenant);
        Assert.That(Move.ContentOf(again, _plan, "us"), Is.EqualTo(Move.ContentOf(export, _plan, "eu")), "the same content hashes and read models, section by section");

        // It is all there, for its own people and its provider's; and it goes on.
        using var admin = await _us.AsAsync($"{tenant}-admin");
        using var boss = await _us.AsAsync("boss");
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/devices")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/contracts?tenant={tenant}")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        var person = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/people")).GetProperty("items")[0];
        Assert.That((person.GetProperty("name").GetString(), person.GetProperty("email").GetString()), Is.EqualTo(("Zoë Zimmermann", $"zoe@{tenant}.example")), "opened with the key that came along, wrapped in another region's");
        Assert.That((await admin.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/enrolments")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));

        // History is not announced again; what happens from now on is, and is folded onto the rows that came.
        var (later, reading) = (_us.Service.Clock.GetUtcNow(), TenantLife.Pages(99_999));
        await TenantLife.PublishAsync(_us, tenant, 15, later, reading);
        await said.WaitAsync(1, batch => batch.TenantId == tenant);
        await _us.Service.SettledAsync();
        Assert.That(said.Messages.Where(batch => batch.TenantId == tenant).SelectMany(batch => batch.Readings).Select(reading => reading.Counters[0].Value), Is.EqualTo(new[] { 99_999L }));
        Assert.That(created.Messages.Where(message => message.TenantId == tenant), Is.Empty);
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/devices")).GetProperty("items").GetArrayLength(), Is.EqualTo(1), "the same device, not another one");

        // A batch the old region had taken, sent again from the agent's spool, is known here.
        await TenantLife.PublishAsync(_us, tenant, 15, later, reading);
        await RebuiltIsTheSameAsync(tenant);
    }

    // A view built anew from all events has the same rows as the one that was folded at the import and followed since.
    private async Task RebuiltIsTheSameAsync(string tenant)
    {
        await _us.Service.SettledAsync();
        var before = Move.ContentOf(await Move.ExportAsync(_us, tenant), _plan, "us");
        foreach (var module in Host.Everything.Modules)
        {
            await using var daemon = _us.Service.Store(module).BuildProjectionDaemon();
            foreach (var view in module.Views)
                await daemon.RebuildProjectionAsync(view.Name);
        }
        Assert.That(Move.ContentOf(await Move.ExportAsync(_us, tenant), _plan, "us"), Is.EqualTo(before));
    }

    [Test]
    public async Task The_same_import_again_writes_nothing()
    {
        const string tenant = "zweimal";
        await TenantLife.LiveAsync(_eu, tenant);
        var export = await Move.ExportAsync(_eu, tenant);
        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.True);
        var content = Move.ContentOf(await Move.ExportAsync(_us, tenant), _plan, "us");
        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.False);
        Assert.That(Move.ContentOf(await Move.ExportAsync(_us, tenant), _plan, "us"), Is.EqualTo(content));

        // Another export of it is refused: whose history would it be?
        var later = await Move.ExportAsync(_eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.ImportAsync(_us, later));
        // And an export into a region where it lives by birth.
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.ImportAsync(_eu, export));
    }

    [Test]
    public async Task A_broken_forged_or_killed_import_leaves_nothing()
    {
        const string tenant = "broken";
        await TenantLife.LiveAsync(_eu, tenant);
        var export = await Move.ExportAsync(_eu, tenant);
        var lines = export.TrimEnd().Split('\n');
        int[] rows = [.. lines.Index().Where(line => line.Item.StartsWith('[')).Select(line => line.Index)];
        (string What, string Text)[] broken =
        [
            ("a digit changed in an event", Without(rows[rows.Length / 2], line => line.Replace(line.First(char.IsAsciiDigit), line.First(char.IsAsciiDigit) == '1' ? '2' : '1'))),
            ("a row that is no JSON", Without(rows[rows.Length / 2], line => line[..^1])),
            ("a row missing", Without(rows[0], _ => null)),
            ("a row missing in the middle", Without(rows[rows.Length / 2], _ => null)),
            ("a row twice", Without(rows[rows.Length / 2], line => $"{line}\n{line}")),
            ("the end missing", string.Join('\n', lines[..^1])),
            ("half of it", string.Join('\n', lines[..(lines.Length / 2)])),
            ("another tenant's name on it", export.Replace($"\"tenant\":\"{tenant}\"", "\"tenant\":\"zitrus\"", StringComparison.Ordinal)),
            ("signed by somebody else", string.Join('\n', [.. lines[..^1], Resigned(lines[^1])])),
        ];
        foreach (var (what, text) in broken)
            Assert.CatchAsync<InvalidDataException>(() => Move.ImportAsync(_us, text), what);
        foreach (var after in new[] { 1, rows[rows.Length / 3], lines.Length - 1 })
            Assert.CatchAsync<OperationCanceledException>(() => Move.ImportAsync(_us, new Killed(lines, after)), $"killed at line {after}");
        Assert.That(await _inUs.ForAsync(tenant), Is.Empty);

        // The twin: whole, it is taken and found.
        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.True);
        Assert.That(await _inUs.ForAsync(tenant), Is.Not.Empty);

        string Without(int at, Func<string, string?> change) => string.Join('\n', lines.Index().Select(line => line.Index == at ? change(line.Item) : line.Item).OfType<string>());

        string Resigned(string manifest)
        {
            var jws = JsonDocument.Parse(manifest).RootElement.GetProperty("manifest").GetString()!;
            var (eu, forger) = (Es256Key.Of(File.ReadAllText(_plan.KeyOf("eu-region"))), Es256Key.Of(File.ReadAllText(_plan.KeyOf("forger"))));
            return new ArchiveLine(Manifest: CompactJws.Sign(forger with { Id = eu.Id }, TenantManifest.Type, CompactJws.Verify<TenantManifest>(jws, TenantManifest.Type, eu.Published)!)).ToString();
        }
    }

    [Test]
    public async Task A_tenant_that_has_left_is_410_with_a_signed_tombstone_and_nothing_of_it_is_kept()
    {
        const string tenant = "rueckkehr";
        await TenantLife.LiveAsync(_eu, tenant);
        var open = await Move.ExportAsync(_eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(_eu, tenant, "us", open), "it is not closed");
        await Move.CloseAsync(_eu, tenant, "us");
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(_eu, tenant, "us", open), "an export from before it was closed");
        var export = await Move.ExportAsync(_eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(_eu, tenant, "us", export, now: false), "tokens from before still hold");
        Assert.CatchAsync<InvalidDataException>(() => Move.LeaveAsync(_eu, tenant, "us", string.Join('\n', export.Split('\n').Where((_, n) => n != 5))), "a file with a hole is not all that may be left");
        await using (var session = _eu.Service.Store(Consent.Consent.Module).LightweightSession(tenant))
        {
            // Something that was on its way when it was exported.
            session.Events.Append($"consent/{tenant}", new Consent.Consents.ConsentEvent.Withdrawn(["billing"], [], [], "x", _eu.Service.Clock.GetUtcNow(), null));
            await session.SaveChangesAsync();
        }
        await _eu.Service.SettledAsync();
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.LeaveAsync(_eu, tenant, "us", export), "it changed since");
        export = await Move.ExportAsync(_eu, tenant);

        var old = await _eu.TokenAsync("boss");
        var tombstone = await Move.LeaveAsync(_eu, tenant, "us", export);
        await Move.ImportAsync(_us, export);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "devices"), (HttpMethod.Post, "consents/grant"), (HttpMethod.Get, "sites"), (HttpMethod.Post, "enrolments") })
            foreach (var token in new[] { old, null })
            {
                using var http = _eu.With(token);
                var (status, gone) = await Move.AskAsync(http, method, $"/api/v1/tenants/{tenant}/{path}");
                Assert.That((status, gone.GetProperty("region").GetString(), gone.GetProperty("api").GetString()), Is.EqualTo((HttpStatusCode.Gone, "us", _plan.UrlOf("us"))));
                var keys = JsonSerializer.Deserialize<KeySet>(await http.GetStringAsync("/.well-known/fleet-region-keys"))!;
                Assert.That(CompactJws.Verify<Tombstone>(gone.GetProperty("tombstone").GetString()!, Tombstone.Type, keys), Is.EqualTo(tombstone));
                Assert.That(CompactJws.Verify<Tombstone>(gone.GetProperty("tombstone").GetString()!, Tombstone.Type, Es256Key.Of(await File.ReadAllTextAsync(_plan.KeyOf("us-region"))).Published), Is.Null, "the twin: another region's key does not verify it");
            }
        await AgentsAreToldAsync(tenant);
        await NothingIsKeptAsync(tenant);

        // And it may come back.
        await Move.CloseAsync(_us, tenant, "eu");
        var back = await Move.ExportAsync(_us, tenant);
        await Move.LeaveAsync(_us, tenant, "eu", back);
        Assert.That((await Move.ImportAsync(_eu, back)).IsNew, Is.True);
        Assert.That(Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu"), Is.EqualTo(Move.ContentOf(export, _plan, "eu")));
        await TenantLife.PublishAsync(_eu, tenant, 15, _eu.Service.Clock.GetUtcNow(), new Contracts.Edge.V1.AgentHealth("0.1.0", 7200, 1, 10, 10, 0, 0));

    }

    // What stays names the tenant and says where it went, or is its provider's list and the operator's clients with what the audit trail makes of them; none of it is the tenant's.
    private async Task NothingIsKeptAsync(string tenant)
    {
        await using var search = await Searched.FromNowAsync(_eu.Service);
        string[] left = [.. (await search.ForAsync(tenant)).Where(where => !where.StartsWith("log: ", StringComparison.Ordinal))];
        Assert.That(left.Where(where => !where.Contains("fleet_departure", StringComparison.Ordinal)).Select(where => where.Split('.', 2)[1].Split(':')[0]),
            Is.SubsetOf(new[] { "identity.mt_events", "identity.fleet_snapshot", "identity.mt_streams", "identity.audit_trail" }), string.Join('\n', left));
        foreach (var table in new[] { "mt_events", "mt_streams", "audit_trail", "people", "tenants", "sites", "enrolled_agents", "fleet_snapshot" })
            Assert.That(await Searched.RowsOfAsync(_eu.Service, "identity", table, tenant), Is.Zero, $"{table} has rows of the tenant's own");
        await using var session = _eu.Service.Store(Identity.Identity.Module).LightweightSession("provider:dealer");
        Assert.That((await session.Events.FetchStreamAsync(Provider.Key("dealer"))).Count(e => e.Data.ToString()!.Contains(tenant, StringComparison.Ordinal)), Is.EqualTo(2), "took on, let go");
    }

    private async Task AgentsAreToldAsync(string tenant)
    {
        using var asked = await _eu.AskTokenAsync($"{tenant}-admin");
        using var http = _eu.With();
        using var renewed = await http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = "fleet-agent",
            ["refresh_token"] = TenantLife.RefreshOf(tenant),
        }));
        foreach (var answer in new[] { asked, renewed })
        {
            var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((answer.StatusCode, error.GetProperty("error").GetString(), error.GetProperty("api").GetString()), Is.EqualTo((HttpStatusCode.MisdirectedRequest, "wrong_region", _plan.UrlOf("us"))));
        }
    }

    [Test]
    public async Task While_it_is_closed_a_tenant_can_be_read_and_takes_nothing_new_and_it_may_stay()
    {
        const string tenant = "closing";
        await TenantLife.LiveAsync(_eu, tenant);
        using var admin = await _eu.AsAsync($"{tenant}-admin");
        using var invited = await admin.PostAsJsonAsync("/api/v1/people", new { name = "Yves", email = $"yves@{tenant}.example", role = "customer-viewer" });
        var link = (await invited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString()!;
        var invitation = System.Web.HttpUtility.ParseQueryString(new Uri(link).Query)["token"]!;
        await Move.CloseAsync(_eu, tenant, "us");
        using (var nobody = _eu.With())
        using (var refused = await nobody.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation, password = "eleven grey herons over the weir" }))
            Assert.That((int)refused.StatusCode, Is.InRange(400, 499), "none of its people comes in");
        Assert.That((await Move.AskAsync(admin, HttpMethod.Get, $"/api/v1/tenants/{tenant}/sites")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Move.AskAsync(admin, HttpMethod.Post, $"/api/v1/tenants/{tenant}/consents/withdraw")).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        using (var token = await _eu.AskTokenAsync($"{tenant}-admin"))
            Assert.That(token.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        // What its people are refused meanwhile waits, too: it would be a line of the trail that was not exported.
        var before = Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu");
        Assert.That((await Move.AskAsync(admin, HttpMethod.Get, "/api/v1/events")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        await _eu.Service.RecordRefusalsAsync();
        Assert.That(Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu"), Is.EqualTo(before));

        await Move.ReopenAsync(_eu, tenant);
        await _eu.Service.RecordRefusalsAsync();
        Assert.That(Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu"), Is.Not.EqualTo(before), "the twin: open, it is on record");
        using (var token = await _eu.AskTokenAsync($"{tenant}-admin"))
            Assert.That(token.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var accepted = await admin.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation, password = "eleven grey herons over the weir" });
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), link);
    }

    [Test]
    public async Task While_it_is_closed_no_address_takes_anything_new_of_it_from_its_provider_and_its_agents_queues_go_when_it_leaves()
    {
        const string tenant = "silent", other = "zweimal-silent";
        await TenantLife.LiveAsync(_eu, tenant);
        using var boss = await _eu.AsAsync("boss");
        var alert = (await boss.GetFromJsonAsync<JsonElement>($"/api/v1/alerts?tenant={tenant}")).GetProperty("items")[0].GetProperty("id").GetString();
        await Move.CloseAsync(_eu, tenant, "us");
        var before = Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu");
        object contract = new { tenantId = tenant, name = "Another", currency = "EUR", timeZone = "Etc/UTC", startsOn = "2026-01-01", baseFee = 1m, charges = Array.Empty<object>(), devices = "all" };
        object licence = new { tenantId = tenant, seats = 5, features = Array.Empty<string>(), maintenanceUntil = "2027-01-01", customerReference = "x" };
        (string Path, object Body)[] writes = [($"/api/v1/alerts/{alert}/acknowledge", new { }), ($"/api/v1/alerts/{alert}/resolve", new { }), ("/api/v1/contracts", contract), ("/api/v1/licences", licence)];
        foreach (var (path, body) in writes)
        {
            using var answer = await boss.PostAsJsonAsync(path, body);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((answer.StatusCode, problem.GetProperty("type").GetString()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "https://fleet.example/problems/tenant-moving")), path);
        }
        using (var run = await boss.PostAsJsonAsync("/api/v1/billing/runs", new { period = "2026-01" }))
            Assert.That((int)run.StatusCode, Is.LessThan(500), "the provider's others are billed");
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/contracts?tenant={tenant}")).GetProperty("items").GetArrayLength(), Is.EqualTo(1), "it can be read");
        Assert.That(Move.ContentOf(await Move.ExportAsync(_eu, tenant), _plan, "eu"), Is.EqualTo(before), "nothing was written");

        await Move.ReopenAsync(_eu, tenant);
        foreach (var (path, body) in writes)
        {
            using var answer = await boss.PostAsJsonAsync(path, body);
            Assert.That(answer.IsSuccessStatusCode, Is.True, $"the twin: open, {path} does it; {await answer.Content.ReadAsStringAsync()}");
        }

        // At last it leaves: what its agents would have been told is told to nobody.
        await using var connection = await new ConnectionFactory { Uri = _eu.Service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var whose in new[] { tenant, other })
            await channel.QueueDeclareAsync(EdgeAccess.ControlQueue(whose, $"{whose}-hq"), durable: true, exclusive: false, autoDelete: false);
        await _eu.Service.SettledAsync();
        await Move.CloseAsync(_eu, tenant, "us");
        await Move.LeaveAsync(_eu, tenant, "us", await Move.ExportAsync(_eu, tenant));
        Assert.That((await HasQueueAsync(connection, tenant), await HasQueueAsync(connection, other)), Is.EqualTo((false, true)), "its own and no other's");
    }

    private static async Task<bool> HasQueueAsync(IConnection connection, string tenant)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclarePassiveAsync(EdgeAccess.ControlQueue(tenant, $"{tenant}-hq"));
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
    }

    [Test]
    public async Task The_keys_of_its_people_are_in_the_file_for_the_destination_alone()
    {
        const string tenant = "geheim";
        await TenantLife.LiveAsync(_eu, tenant);
        var keys = await KeysOfPeopleAsync(tenant);
        Assert.That(keys, Is.Not.Empty);
        await Move.CloseAsync(_eu, tenant, "us");
        var export = await Move.ExportAsync(_eu, tenant);
        foreach (var key in keys)
            Assert.That(export, Does.Not.Contain(Convert.ToBase64String(key)).And.Not.Contain(Convert.ToBase64String(key).TrimEnd('=').Replace('+', '-').Replace('/', '_')).And.Not.Contain(Convert.ToHexString(key)).IgnoreCase);

        // Neither the region it comes from nor a third one can open it; a changed row is noticed.
        await Move.ReopenAsync(_eu, tenant);
        await Move.CloseAsync(_eu, tenant, "uk");
        var forUk = await Move.ExportAsync(_eu, tenant);
        Assert.That(async () => await Move.ImportAsync(_us, forUk), Throws.InvalidOperationException.With.Message.Contains("is not sealed for region 'us'"));
        Assert.That(async () => await Move.LeaveAsync(_eu, tenant, "uk", export), Throws.InvalidOperationException.With.Message.Contains("sealed for region us"));
        Assert.That(await KilledImport.HasAsync(_us, "identity", tenant), Is.False);
        Assert.CatchAsync<InvalidDataException>(() => Move.ImportAsync(_us, export.Replace("[\"row\",\"", "[\"row\",\"x", StringComparison.Ordinal)));

        Assert.That((await Move.ImportAsync(_us, export)).IsNew, Is.True, "the twin: the right one opens it");
        using var admin = await _us.AsAsync($"{tenant}-admin");
        Assert.That((await admin.GetFromJsonAsync<JsonElement>("/api/v1/people")).GetProperty("items")[0].GetProperty("name").GetString(), Is.EqualTo("Zoë Zimmermann"));
    }

    [Test]
    public async Task An_export_that_is_for_nobody_in_particular_can_be_opened_in_the_regions_of_the_file_and_one_for_a_region_without_a_key_is_not_made()
    {
        const string tenant = "anywhere";
        await TenantLife.LiveAsync(_eu, tenant);
        Assert.That(async () => await Move.ExportAsync(_eu, tenant, to: "mars"), Throws.InvalidOperationException.With.Message.Contains("no key to seal for region 'mars'"));
        Assert.That((await Move.ImportAsync(_us, await Move.ExportAsync(_eu, tenant))).IsNew, Is.True);
    }

    // As they are while somebody is read: opened with the region's own key.
    private async Task<IReadOnlyList<byte[]>> KeysOfPeopleAsync(string tenant)
    {
        var people = PeopleKey.Open(new ConfigurationBuilder().AddInMemoryCollection(_eu.Settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        await using var source = NpgsqlDataSource.Create(_eu.Service.Place.DatabaseOf("identity").Owner);
        await using var command = source.CreateCommand("select person_id, key from identity.fleet_person where home = $1");
        command.Parameters.Add(new() { Value = tenant });
        var keys = new List<byte[]>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            keys.Add(people.UnwrapRaw(row.GetString(0), row.GetFieldValue<byte[]>(1)));
        return keys;
    }

    /// <summary>An input whose reader is told to stop at a line.</summary>
    private sealed class Killed(string[] lines, int at) : TextReader
    {
        private int _next;

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            _next == at ? throw new OperationCanceledException("killed") : ValueTask.FromResult<string?>(lines[_next++]);
    }
}
