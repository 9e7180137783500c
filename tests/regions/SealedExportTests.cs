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

/// <summary>Who can read what is in an export.</summary>
public class SealedExportTests : EuToUs
{
    protected override string[] Tenants => ["geheim", "anywhere"];

    [Test]
    public async Task The_keys_of_its_people_are_in_the_file_for_the_destination_alone()
    {
        const string tenant = "geheim";
        await TenantLife.LiveAsync(Eu, tenant);
        var keys = await KeysOfPeopleAsync(tenant);
        Assert.That(keys, Is.Not.Empty);
        await Move.CloseAsync(Eu, tenant, "us");
        var export = await Move.ExportAsync(Eu, tenant);
        foreach (var key in keys)
            Assert.That(export, Does.Not.Contain(Convert.ToBase64String(key)).And.Not.Contain(Convert.ToBase64String(key).TrimEnd('=').Replace('+', '-').Replace('/', '_')).And.Not.Contain(Convert.ToHexString(key)).IgnoreCase);

        // Neither the region it comes from nor a third one can open it; a changed row is noticed.
        await Move.ReopenAsync(Eu, tenant);
        await Move.CloseAsync(Eu, tenant, "uk");
        var forUk = await Move.ExportAsync(Eu, tenant);
        Assert.That(async () => await Move.ImportAsync(Us, forUk), Throws.InvalidOperationException.With.Message.Contains("is not sealed for region 'us'"));
        Assert.That(async () => await Move.LeaveAsync(Eu, tenant, "uk", export), Throws.InvalidOperationException.With.Message.Contains("sealed for region us"));
        Assert.That(await KilledImport.HasAsync(Us, "identity", tenant), Is.False);
        Assert.CatchAsync<InvalidDataException>(() => Move.ImportAsync(Us, export.Replace("[\"row\",\"", "[\"row\",\"x", StringComparison.Ordinal)));

        Assert.That((await Move.ImportAsync(Us, export)).IsNew, Is.True, "the twin: the right one opens it");
        using var admin = await Us.AsAsync($"{tenant}-admin");
        Assert.That((await admin.GetFromJsonAsync<JsonElement>("/api/v1/people")).GetProperty("items")[0].GetProperty("name").GetString(), Is.EqualTo("Zoë Zimmermann"));
    }

    [Test]
    public async Task An_export_that_is_for_nobody_in_particular_can_be_opened_in_the_regions_of_the_file_and_one_for_a_region_without_a_key_is_not_made()
    {
        const string tenant = "anywhere";
        await TenantLife.LiveAsync(Eu, tenant);
        Assert.That(async () => await Move.ExportAsync(Eu, tenant, to: "mars"), Throws.InvalidOperationException.With.Message.Contains("no key to seal for region 'mars'"));
        Assert.That((await Move.ImportAsync(Us, await Move.ExportAsync(Eu, tenant))).IsNew, Is.True);
    }

    // As they are while somebody is read: opened with the region's own key.
    private async Task<IReadOnlyList<byte[]>> KeysOfPeopleAsync(string tenant)
    {
        var people = PeopleKey.Open(new ConfigurationBuilder().AddInMemoryCollection(Eu.Settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        await using var source = NpgsqlDataSource.Create(Eu.Service.Place.DatabaseOf("identity").Owner);
        await using var command = source.CreateCommand("select person_id, key from identity.fleet_person where home = $1");
        command.Parameters.Add(new() { Value = tenant });
        var keys = new List<byte[]>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            keys.Add(people.UnwrapRaw(row.GetString(0), row.GetFieldValue<byte[]>(1)));
        return keys;
    }
}
