using Fleet.Cli.Streams;
using Fleet.Telemetry.Tests.Service;
using Fleet.Testing;
using Npgsql;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Evidence;

/// <summary><c>./fleet stream verify</c> over a history that came in through the gate; then a hand inside the database.</summary>
public sealed class VerifyStreamsTests : IDisposable
{
    // Of the second batch, which came in a transaction of its own after the first.
    private const string AReading = "type = 'meter_read' and data #>> '{counters,0,value}' = '2'";

    private readonly SigningSite _hq = new();
    private RunningTelemetry _telemetry = null!;
    private NpgsqlDataSource _database = null!;

    // Three batches, of which the second comes last; of its events one is outside every consent.
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        _database = NpgsqlDataSource.Create(_telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await _telemetry.Service.Bus.PublishAsync(_hq.Enrolled);
        await Eventually.IsTrueAsync("the agent's key to be known", async () => await _telemetry.AgentAsync(_hq.Site) is { Keys.IsEmpty: false });
        await _telemetry.ReceiveAsync(_hq.Site, _hq.SendsAt(Noon, Seen(), Meter(1)));
        var (second, third) = (_hq.Sends((Meter(2), Noon.AddHours(1)), (Meter(1), Noon.AddYears(-3))), _hq.SendsAt(Noon.AddHours(2), Meter(3), Health()));
        await _telemetry.ReceiveAsync(_hq.Site, third, second);
        await ExecuteAsync("create table telemetry.as_it_was as table telemetry.mt_events");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _database.DisposeAsync();
        await _telemetry.DisposeAsync();
    }

    [TearDown]
    public Task MendAsync() => ExecuteAsync("delete from telemetry.mt_events; insert into telemetry.mt_events select * from telemetry.as_it_was");

    public void Dispose() => _hq.Dispose();

    [Test]
    public async Task What_came_through_the_gate_holds()
    {
        var (sums, found) = await VerifyAsync();
        Assert.That(found, Is.Empty);
        Assert.That((sums.Batches, sums.Leaves, sums.Readings, sums.Unsigned, sums.Breaks), Is.EqualTo((3, 6, 3, 0, 0)));
    }

    [Test]
    public async Task What_no_consent_covered_is_held_to_its_signature_and_is_not_there()
    {
        var evidence = await ScalarAsync("select data -> 'evidence' ->> 'leaves' from telemetry.mt_events where type = 'batch_accepted' and data ->> 'sequence' = '2'");
        using var brotli = new System.IO.Compression.BrotliStream(new MemoryStream(Convert.FromBase64String(evidence)), System.IO.Compression.CompressionMode.Decompress);
        using var text = new StreamReader(brotli, System.Text.Encoding.Latin1);
        Assert.That(await text.ReadToEndAsync(), Does.Contain($"{Noon.AddHours(1):yyyy-MM-ddTHH}").And.Not.Contain($"{Noon.AddYears(-3):yyyy-MM-ddTHH}"));
    }

    [TestCase(AReading, """data = jsonb_set(data, '{counters,0,value}', '7')""", "is stored and signed, and the two are not the same")]
    [TestCase(AReading, """data = jsonb_set(data, '{counters,0,value}', '7')""", "is not what was written then")]
    [TestCase(AReading, """data = jsonb_set(data, '{receivedAt}', '"2026-01-01T00:00:00+00:00"')""", "is not what was written then")]
    [TestCase("type = 'device_registered'", """data = jsonb_set(data, '{card,model}', '"Another"')""", "is not what was written then")]
    [TestCase("type = 'health_reported'", """data = jsonb_set(data, '{devices}', '9')""", "is not what was written then")]
    [TestCase(AReading, "stream_id = 'consent/acme'", "is not what was written then")]
    [TestCase(AReading, "type = 'supply_level_changed'", "was signed and is not stored")]
    [TestCase(AReading, "headers = headers - 'fleet-batch'", "a meter_read that came with no batch")]
    [TestCase(AReading, "version = 90", "version 90 follows version")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '1'", """data = jsonb_set(data, '{evidence,signature}', to_jsonb('AAAA' || substr(data #>> '{evidence,signature}', 5)))""", "the signature over batch 1 does not hold")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '1'", """data = jsonb_set(data, '{evidence,leaves}', to_jsonb('AAAA' || substr(data #>> '{evidence,leaves}', 5)))""", "that cannot be read")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '2'", """data = jsonb_set(data, '{previous}', to_jsonb(repeat('b', 64)))""", "names bbbb")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '2'", """data = jsonb_set(data, '{sha256}', to_jsonb(repeat('b', 64)))""", "batch 3 names")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '2'", """data = jsonb_set(data, '{at}', '"2026-01-01T00:00:00+00:00"')""", "is not what was written then")]
    [TestCase("type = 'agent_key_learned'", """data = jsonb_set(data, '{x}', to_jsonb(reverse(data ->> 'x')))""", "the key is")]
    [TestCase("type = 'gap_filled'", """data = jsonb_set(data, '{sequence}', '1')""", "is not what was written then")]
    public async Task One_changed_thing_is_named(string where, string change, string said)
    {
        await ExecuteAsync($"update telemetry.mt_events set {change} where {where}");
        var (_, found) = await VerifyAsync();
        Assert.That(found.Select(one => one.What), Has.Some.Contains(said), string.Join('\n', found));
    }

    [TestCase(AReading, "was signed and is not stored")]
    [TestCase("type = 'batch_accepted' and data ->> 'sequence' = '2'", "batch 2 is not there, and nobody noted that it was missing")]
    [TestCase("version = (select max(version) from telemetry.mt_events where stream_id like 'device/%') and stream_id like 'device/%'", "events, and there are")]
    [TestCase("stream_id like 'device/%'", "events, and there are 0")]
    public async Task What_was_taken_out_is_named(string where, string said)
    {
        await ExecuteAsync($"delete from telemetry.mt_events where {where}");
        var (_, found) = await VerifyAsync();
        Assert.That(found.Select(one => one.What), Has.Some.Contains(said), string.Join('\n', found));
    }

    [Test]
    public async Task A_reading_put_in_is_named()
    {
        await ExecuteAsync(
            $"""
            insert into telemetry.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers, is_archived)
            select seq_id + 1000, gen_random_uuid(), stream_id, version + 90, data, type, timestamp, tenant_id, mt_dotnet_type, headers, is_archived from telemetry.mt_events where {AReading}
            """);
        var (_, found) = await VerifyAsync();
        Assert.That(found.Select(one => one.What), Has.Some.Contains("is in no batch that was signed").And.Some.Contains("is not what was written then").And.Some.Contains("events, and there are"));
    }

    private async Task<(Verified Sums, IReadOnlyList<Broken> Found)> VerifyAsync()
    {
        var found = new List<Broken>();
        return (await VerifyStreams.RunAsync(_telemetry.Service.Place.DatabaseOf("telemetry").Auditor!, "acme", found.Add, _ => { }, CancellationToken.None), found);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        Assert.That(await command.ExecuteNonQueryAsync(), Is.Not.Zero, "the hand in the database found nothing to change");
    }

    private async Task<string> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
