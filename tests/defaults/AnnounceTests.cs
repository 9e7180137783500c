using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Fleet.Contracts.Licensing.V1;
using Fleet.Testing;

namespace Fleet.Defaults.Tests;

/// <summary>What is stored is announced, whatever happens to the way to the broker meanwhile.</summary>
public class AnnounceTests
{
    private const string Exchange = "licensing.v1.seat-taken";
    private const int Notes = 100;

    internal static readonly Module Announcing = new("licensing")
    {
        Streams = [Note.Stream],
        Announcements = [Announcement.Of<NoteEvent.Written, SeatTaken>(e => new(e.TenantId, e.StreamKey, e.Data.Text, 1, e.Timestamp))],
    };

    [Test]
    public async Task Connections_that_break_at_the_first_word_of_an_announcement_hold_nothing_back()
    {
        await using var relay = await RelayAsync();
        await using var service = await StartAsync(relay);
        var heard = await service.Bus.ListenAsync<SeatTaken>();

        relay.ListenFor(Exchange, cut: 2);
        await WriteAsync(service);
        await HeardAsync(heard);
        Assert.That(relay.Said, Is.GreaterThan(2), "the test broke nothing");
    }

    // To declare it on each new connection is what held announcements back for ever (see OneTimeSetupTests).
    [Test]
    public async Task An_exchange_that_is_missing_is_waited_for_and_not_declared()
    {
        await using var relay = await RelayAsync();
        await using var service = await StartAsync(relay);
        using var broker = await ManagementAsync();
        var exchange = $"api/exchanges/{service.Place.VirtualHost}/{Exchange}";
        (await broker.DeleteAsync(exchange)).EnsureSuccessStatusCode();

        relay.ListenFor(Exchange);
        await WriteAsync(service);
        await Eventually.IsAsync("a second try to announce", () => Task.FromResult(relay.Said), said => said >= 2);
        Assert.That((await broker.GetAsync(exchange)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        (await broker.PutAsJsonAsync(exchange, new { type = "fanout", durable = true })).EnsureSuccessStatusCode();
        await HeardAsync(await service.Bus.ListenAsync<SeatTaken>());
    }

    private static async Task<Relay> RelayAsync() => Relay.To(new Uri((await SharedServers.StartedAsync()).Broker.Services["licensing"]).Port);

    private static Task<RunningService> StartAsync(Relay relay) => RunningService.StartAsync(
        place => [("FLEET_RABBITMQ_LICENSING", $"{new UriBuilder(place.BrokerOf("licensing")) { Port = relay.Port }}")], Announcing);

    private static async Task WriteAsync(RunningService service)
    {
        await using var session = service.Store(Announcing).LightweightSession("acme");
        for (var i = 0; i < Notes; i++)
            session.Events.Append($"note/{i}", new NoteEvent.Written("2026-11"));
        await session.SaveChangesAsync();
    }

    // MassTransit's own pauses between two tries are 3 s and longer; a publish that never ends is left behind after 35 s.
    private static Task HeardAsync(Heard<SeatTaken> heard) => Eventually.IsAsync(
        $"the announcement of {Notes} notes", () => Task.FromResult(heard.Ids.Distinct().Count()), count => count == Notes, TimeSpan.FromSeconds(100));

    private static async Task<HttpClient> ManagementAsync()
    {
        var servers = await SharedServers.StartedAsync();
        var client = new HttpClient { BaseAddress = new Uri($"{servers.Broker.Management}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(new Uri(servers.Broker.Services["fleet-admin"]).UserInfo)));
        return client;
    }
}
