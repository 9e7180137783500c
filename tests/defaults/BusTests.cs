using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Licensing.V1;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Defaults.Tests;

public class BusTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task A_poison_message_goes_to_the_error_queue_and_blocks_nobody()
    {
        await using var service = await RunningService.StartAsync(Notes.Module());
        await service.Bus.PublishAsync(Seat(Notes.Poison, "d-0"));
        await service.Bus.PublishAsync(Seat("acme", "d-1"));

        using var http = service.As("provider-admin", "acme");
        await Eventually.IsAsync("the message behind the poison", () => NotesAsync(http), notes => notes == 1);
        await Eventually.IsAsync("the poison in its error queue", () => DepthAsync(service, "licensing-write-note_error"), depth => depth == 1);
    }

    [Test]
    public async Task The_same_message_delivered_twice_changes_nothing()
    {
        await using var service = await RunningService.StartAsync(Notes.Module());
        var id = new Guid("0199d000-0000-7000-8000-000000000001");
        await service.Bus.PublishAsync(Seat("acme", "d-1"), id);
        await service.Bus.PublishAsync(Seat("acme", "d-1"), id);
        await service.Bus.PublishAsync(Seat("acme", "d-2"));

        using var http = service.As("provider-admin", "acme");
        await Eventually.IsAsync("two notes", () => NotesAsync(http), notes => notes == 2);
    }

    [Test]
    public async Task A_stop_finishes_what_is_in_hand_and_gives_the_rest_back()
    {
        var hold = new TaskCompletionSource();
        var service = await RunningService.StartAsync(Notes.Module(hold));
        for (var i = 0; i < 100; i++)
            await service.Bus.PublishAsync(Seat("acme", $"d-{i}"));
        await Eventually.IsTrueAsync("the prefetched messages are in hand", async () => await DepthAsync(service, "licensing-write-note") < 100);

        var stopping = service.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False, "it waits for the handlers");
        hold.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        var stored = await StoredAsync(service);
        Assert.That(stored, Is.InRange(1, 99));
        await Eventually.IsAsync("the rest is back in the queue", async () => await DepthAsync(service, "licensing-write-note"), depth => depth + stored == 100);
        await service.DisposeAsync();
    }

    private static SeatTaken Seat(string tenant, string device) => new(tenant, device, "2026-11", 1, At);

    private static async Task<int> NotesAsync(HttpClient http) => (await http.GetFromJsonAsync<JsonArray>("/api/v1/tenants/acme/notes"))!.Count;

    private static async Task<int> StoredAsync(RunningService service)
    {
        await using var connection = new Npgsql.NpgsqlConnection(service.Place.DatabaseOf("licensing").Owner);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("select count(*)::int from licensing.mt_events", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    internal static async Task<uint> DepthAsync(RunningService service, string queue)
    {
        var factory = new ConnectionFactory { Uri = service.Place.BrokerOf("fleet-admin") };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0; // not there yet
        }
    }
}
