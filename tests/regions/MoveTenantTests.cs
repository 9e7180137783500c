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
public class MoveTenantTests : EuToUs
{
    protected override string[] Tenants => ["wanderer", "zweimal", "broken"];

    protected override string[] OnlyInEu => ["broken"];

    [Test]
    public async Task A_tenant_moves_whole_and_nothing_is_said_twice()
    {
        const string tenant = "wanderer";
        await TenantLife.LiveAsync(Eu, tenant);
        var said = await Us.Service.Bus.ListenAsync<ReadingsAccepted>();
        var created = await Us.Service.Bus.ListenAsync<TenantCreated>();
        await Move.CloseAsync(Eu, tenant, "us");
        var export = await Move.ExportAsync(Eu, tenant);
        var imported = await Move.ImportAsync(Us, export);
        Assert.That((imported.IsNew, imported.NotCompared), Is.EqualTo((true, Array.Empty<string>())));

        var again = await Move.ExportAsync(Us, tenant);
        Assert.That(Move.ContentOf(again, Plan, "us"), Is.EqualTo(Move.ContentOf(export, Plan, "eu")), "the same content hashes and read models, section by section");

        // It is all there, for its own people and its provider's; and it goes on.
        using var admin = await Us.AsAsync($"{tenant}-admin");
        using var boss = await Us.AsAsync("boss");
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/devices")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/contracts?tenant={tenant}")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
        var person = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/people")).GetProperty("items")[0];
        Assert.That((person.GetProperty("name").GetString(), person.GetProperty("email").GetString()), Is.EqualTo(("Zoë Zimmermann", $"zoe@{tenant}.example")), "opened with the key that came along, wrapped in another region's");
        Assert.That((await admin.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/enrolments")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));

        // History is not announced again; what happens from now on is, and is folded onto the rows that came.
        var (later, reading) = (Us.Service.Clock.GetUtcNow(), TenantLife.Pages(99_999));
        await TenantLife.PublishAsync(Us, tenant, 15, later, reading);
        await said.WaitAsync(1, batch => batch.TenantId == tenant);
        await Us.Service.SettledAsync();
        Assert.That(said.Messages.Where(batch => batch.TenantId == tenant).SelectMany(batch => batch.Readings).Select(reading => reading.Counters[0].Value), Is.EqualTo(new[] { 99_999L }));
        Assert.That(created.Messages.Where(message => message.TenantId == tenant), Is.Empty);
        Assert.That((await boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/{tenant}/devices")).GetProperty("items").GetArrayLength(), Is.EqualTo(1), "the same device, not another one");

        // A batch the old region had taken, sent again from the agent's spool, is known here.
        await TenantLife.PublishAsync(Us, tenant, 15, later, reading);
        await RebuiltIsTheSameAsync(tenant);
    }

    // A view built anew from all events has the same rows as the one that was folded at the import and followed since.
    private async Task RebuiltIsTheSameAsync(string tenant)
    {
        await Us.Service.SettledAsync();
        var before = Move.ContentOf(await Move.ExportAsync(Us, tenant), Plan, "us");
        foreach (var module in Host.Everything.Modules)
        {
            await using var daemon = Us.Service.Store(module).BuildProjectionDaemon();
            foreach (var view in module.Views)
                await daemon.RebuildProjectionAsync(view.Name);
        }
        Assert.That(Move.ContentOf(await Move.ExportAsync(Us, tenant), Plan, "us"), Is.EqualTo(before));
    }

    [Test]
    public async Task The_same_import_again_writes_nothing()
    {
        const string tenant = "zweimal";
        await TenantLife.LiveAsync(Eu, tenant);
        var export = await Move.ExportAsync(Eu, tenant);
        Assert.That((await Move.ImportAsync(Us, export)).IsNew, Is.True);
        var content = Move.ContentOf(await Move.ExportAsync(Us, tenant), Plan, "us");
        Assert.That((await Move.ImportAsync(Us, export)).IsNew, Is.False);
        Assert.That(Move.ContentOf(await Move.ExportAsync(Us, tenant), Plan, "us"), Is.EqualTo(content));

        // Another export of it is refused: whose history would it be?
        var later = await Move.ExportAsync(Eu, tenant);
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.ImportAsync(Us, later));
        // And an export into a region where it lives by birth.
        Assert.ThrowsAsync<InvalidOperationException>(() => Move.ImportAsync(Eu, export));
    }

    [Test]
    public async Task A_broken_forged_or_killed_import_leaves_nothing()
    {
        const string tenant = "broken";
        await TenantLife.LiveAsync(Eu, tenant);
        var export = await Move.ExportAsync(Eu, tenant);
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
            Assert.CatchAsync<InvalidDataException>(() => Move.ImportAsync(Us, text), what);
        foreach (var after in new[] { 1, rows[rows.Length / 3], lines.Length - 1 })
            Assert.CatchAsync<OperationCanceledException>(() => Move.ImportAsync(Us, new Killed(lines, after)), $"killed at line {after}");
        Assert.That(await InUs.ForAsync(tenant), Is.Empty);

        // The twin: whole, it is taken and found.
        Assert.That((await Move.ImportAsync(Us, export)).IsNew, Is.True);
        Assert.That(await InUs.ForAsync(tenant), Is.Not.Empty);

        string Without(int at, Func<string, string?> change) => string.Join('\n', lines.Index().Select(line => line.Index == at ? change(line.Item) : line.Item).OfType<string>());

        string Resigned(string manifest)
        {
            var jws = JsonDocument.Parse(manifest).RootElement.GetProperty("manifest").GetString()!;
            var (eu, forger) = (Es256Key.Of(File.ReadAllText(Plan.KeyOf("eu-region"))), Es256Key.Of(File.ReadAllText(Plan.KeyOf("forger"))));
            return new ArchiveLine(Manifest: CompactJws.Sign(forger with { Id = eu.Id }, TenantManifest.Type, CompactJws.Verify<TenantManifest>(jws, TenantManifest.Type, eu.Published)!)).ToString();
        }
    }


    /// <summary>An input whose reader is told to stop at a line.</summary>
    private sealed class Killed(string[] lines, int at) : TextReader
    {
        private int _next;

        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
            _next == at ? throw new OperationCanceledException("killed") : ValueTask.FromResult<string?>(lines[_next++]);
    }
}
