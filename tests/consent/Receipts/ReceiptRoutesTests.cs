using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Consent.Receipts;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Consent.Tests.Receipts;

public class ReceiptRoutesTests
{
    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public async Task A_receipt_is_downloaded_verified_offline_and_says_all_that_27560_asks_for()
    {
        using var admin = _service.As("customer-admin", "acme");
        await ChangeAsync(admin, "acme", "grant", new { purposes = new[] { "billing" }, features = new[] { "remote-monitoring" }, fieldGroups = new[] { "counters" }, how = "portal" });
        var id = (await ListAsync(admin, "acme"))[0]!["id"]!.GetValue<string>();

        var jws = await admin.GetStringAsync(Address("acme", id));
        var keys = await admin.GetStringAsync(new Uri(ReceiptKeys.Path, UriKind.Relative));
        Assert.That(VerifyReceipt.Holds(jws, keys), Is.True);
        foreach (var at in new[] { 0, 500, 2000, -1 })
            Assert.That(VerifyReceipt.Holds(VerifyReceipt.WithOneByteChanged(jws, at < 0 ? jws.Length : at), keys), Is.False, "the twin: one byte changed");

        var receipt = VerifyReceipt.Payload(jws);
        Assert.That(RequiredFields.Missing(receipt), Is.Empty);
        Assert.That(CheckTerms.Faults(receipt), Is.Empty);
        var record = receipt["records"]![0]!;
        Assert.That(record["parties"]!.AsArray().Select(party => (string?)party!["party_id"]), Does.Contain("acme"));
        Assert.That((string?)record["events"]![0]!["indication_method"], Is.EqualTo("fleet:portal"));
        Assert.That((string?)record["events"]![0]!["event_state"], Is.EqualTo("dpv:ConsentGiven"));
        Assert.That(new Uri((string)receipt["@id"]!).AbsolutePath, Is.EqualTo(Address("acme", id).ToString()), "it names the address it is downloaded from");
        await NoticeHoldsAsync(record);
    }

    [Test]
    public async Task A_withdrawal_is_a_record_of_its_own_that_names_those_it_updates()
    {
        using var admin = _service.As("customer-admin", "leaver");
        await ChangeAsync(admin, "leaver", "grant", new { purposes = new[] { "billing" } });
        await ChangeAsync(admin, "leaver", "grant", new { purposes = new[] { "fleet-management" } });
        await ChangeAsync(admin, "leaver", "withdraw", new { purposes = new[] { "billing" } });

        var list = await ListAsync(admin, "leaver");
        Assert.That(list.Select(item => (string?)item!["status"]), Is.EqualTo(new[] { "withdrawn", "granted", "granted" }));
        var withdrawal = VerifyReceipt.Payload(await admin.GetStringAsync(Address("leaver", (string)list[0]!["id"]!)));
        Assert.That(RequiredFields.Missing(withdrawal), Is.Empty);
        Assert.That((string?)withdrawal["records"]![0]!["events"]![0]!["event_state"], Is.EqualTo("dpv:ConsentWithdrawn"));
        Assert.That(withdrawal["records"]![0]!["updates"]!.AsArray().Select(id => (string?)id), Is.EqualTo(new[] { $"urn:uuid:{list[2]!["id"]}" }));
    }

    [Test]
    public async Task The_same_id_gives_the_same_bytes_for_ever()
    {
        using var admin = _service.As("customer-admin", "steady");
        await ChangeAsync(admin, "steady", "grant", new { purposes = new[] { "billing" } });
        var id = (string)(await ListAsync(admin, "steady"))[0]!["id"]!;
        var first = await admin.GetStringAsync(Address("steady", id));
        await ChangeAsync(admin, "steady", "withdraw", new { purposes = new[] { "billing" } });
        Assert.That(await admin.GetStringAsync(Address("steady", id)), Is.EqualTo(first), "as it was handed out");

        // What was kept of it is lost: the payload is made of the stream again, and is the same; only the signature is another.
        await using var database = NpgsqlDataSource.Create(_service.Place.DatabaseOf("consent").Owner);
        await using (var delete = database.CreateCommand("delete from consent.consent_receipt"))
            await delete.ExecuteNonQueryAsync();
        var anew = await admin.GetStringAsync(Address("steady", id));
        Assert.That(anew.Split('.')[1], Is.EqualTo(first.Split('.')[1]));
        Assert.That(anew.Split('.')[2], Is.Not.EqualTo(first.Split('.')[2]));

        using var readable = new HttpRequestMessage(HttpMethod.Get, Address("steady", id)) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/ld+json") } } };
        using var answer = await admin.SendAsync(readable);
        Assert.That(System.Buffers.Text.Base64Url.EncodeToString(await answer.Content.ReadAsByteArrayAsync()), Is.EqualTo(first.Split('.')[1]));
    }

    [Test]
    public async Task A_receipt_handed_out_before_a_change_of_keys_verifies_after_it_and_opens_nothing()
    {
        using var admin = _service.As("customer-admin", "patient");
        await ChangeAsync(admin, "patient", "grant", new { purposes = new[] { "billing" } });
        var jws = await admin.GetStringAsync(Address("patient", (string)(await ListAsync(admin, "patient"))[0]!["id"]!));
        using var anybody = _service.With();
        Assert.That(VerifyReceipt.Holds(jws, await anybody.GetStringAsync(new Uri(ReceiptKeys.Path, UriKind.Relative))), Is.True);

        // Another process of the same service, on the same database, with a key of tomorrow.
        using var tomorrow = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(Directory.CreateTempSubdirectory("fleet-receipt-key-").FullName, "key.pem");
        await File.WriteAllTextAsync(file, tomorrow.ExportPkcs8PrivateKeyPem());
        await using var later = await RunningService.StartAsync(_ => [.. _service.Place.Settings, ("FLEET_CONSENT_KEY", file)], Consent.Module);
        using var asked = later.With();
        Assert.That(VerifyReceipt.Holds(jws, await asked.GetStringAsync(new Uri(ReceiptKeys.Path, UriKind.Relative))), Is.True);
        Assert.That(VerifyReceipt.Holds(jws, await asked.GetStringAsync(new Uri(EdgeGrant.KeysPath, UriKind.Relative))), Is.False, "the twin: it is none of the keys that open anything");
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Test]
    public async Task Another_tenants_receipts_do_not_exist()
    {
        using var globex = _service.As("customer-admin", "globex");
        await ChangeAsync(globex, "globex", "grant", new { purposes = new[] { "billing" } });
        var id = (string)(await ListAsync(globex, "globex"))[0]!["id"]!;
        using var stranger = _service.As("customer-admin", "initech");
        foreach (var address in new[] { Address("globex", id), Address("initech", id), new Uri("/api/v1/tenants/globex/consents/receipts", UriKind.Relative) })
        {
            using var answer = await stranger.GetAsync(address);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), address.ToString());
        }
    }

    [Test]
    public async Task The_receipts_page_by_cursor()
    {
        using var admin = _service.As("customer-admin", "paged-receipts");
        foreach (var purpose in new[] { "billing", "fleet-management" })
            await ChangeAsync(admin, "paged-receipts", "grant", new { purposes = new[] { purpose } });
        var first = JsonNode.Parse(await admin.GetStringAsync(new Uri("/api/v1/tenants/paged-receipts/consents/receipts?limit=1", UriKind.Relative)))!;
        var second = JsonNode.Parse(await admin.GetStringAsync(new Uri($"/api/v1/tenants/paged-receipts/consents/receipts?limit=1&cursor={first["next"]}", UriKind.Relative)))!;
        Assert.That(((long)first["items"]![0]!["version"]!, (long)second["items"]![0]!["version"]!, second["next"]), Is.EqualTo((2L, 1L, (JsonNode?)null)));
    }

    private async Task NoticeHoldsAsync(JsonNode record)
    {
        var notice = record["privacy_notice"]!;
        using var anybody = _service.With();
        var text = await anybody.GetByteArrayAsync(new Uri(new Uri((string)notice["notice_address"]!).AbsolutePath, UriKind.Relative));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(text)), Is.EqualTo((string?)notice["notice_hash"]), "the text at the address is the one agreed to");
    }

    private static Uri Address(string tenant, string id) => new($"/api/v1/tenants/{tenant}/consents/receipts/{id}", UriKind.Relative);

    private static async Task<JsonArray> ListAsync(HttpClient http, string tenant) =>
        JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/v1/tenants/{tenant}/consents/receipts", UriKind.Relative)))!["items"]!.AsArray();

    private static async Task ChangeAsync(HttpClient http, string tenant, string what, object names)
    {
        using var answer = await http.PostAsJsonAsync($"/api/v1/tenants/{tenant}/consents/{what}", names, JsonSerializerOptions.Web);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }
}
