using System.Diagnostics;
using Fleet.Contracts.Licensing.V1;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Defaults.Tests;

/// <summary>A service as small as one can be: what the defaults promise is shown on it.</summary>
internal static class Notes
{
    /// <summary>A message whose tenant is this makes the handler throw: poison.</summary>
    public const string Poison = "poison";

    public static Module Module(TaskCompletionSource? hold = null) => new("licensing")
    {
        Streams = [Note.Stream],
        Views = [NoteRow.View],
        Tables = [TenantAccess.Table],
        Consumers = [Consumer.On<SeatTaken>("write-note", (message, delivery) => WriteAsync(message, delivery, hold))],
        Routes = [Map],
    };

    private static async Task WriteAsync(SeatTaken message, Delivery delivery, TaskCompletionSource? hold)
    {
        if (message.TenantId == Poison)
            throw new InvalidOperationException("cannot be handled, now or ever");
        if (hold is not null)
            await hold.Task;
        await delivery.Module.DecideAsync<Note, NoteEvent>(
            message.TenantId, $"note/{message.DeviceId}", note => note.Text is null ? new NoteEvent.Written(message.Month) : Decision<NoteEvent>.Nothing, delivery.Cancel);
    }

    private static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/notes", async (string t, NewNote body, HttpContext http, CancellationToken cancel) =>
        {
            var id = Idempotency.NewId(http, module.Clock);
            var outcome = await module.DecideAsync<Note, NoteEvent>(t, $"note/{id}", _ => body.Text.Length == 0
                ? Refusal.Invalid("empty-note", "text is empty; say something")
                : new NoteEvent.Written(body.Text), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Created($"/api/v1/tenants/{t}/notes/{id}", new { id });
        }).Requires(Right.ManageLicences).Idempotent(module);

        app.MapGet("/api/v1/tenants/{t}/notes", async (string t, CancellationToken cancel) =>
        {
            await using var session = module.Store.QuerySession(t);
            return await session.QueryAsync<NoteRow>("order by text", null, cancel);
        }).Requires(Right.ReadLicences);
    }

    internal sealed record NewNote(string Text);
}

internal abstract record NoteEvent
{
    internal sealed record Written(string Text) : NoteEvent;
}

internal sealed record Note(string? Text)
{
    public static readonly StreamType<Note, NoteEvent> Stream = new("note", new Note((string?)null), Evolve) { Events = { ["note_written"] = typeof(NoteEvent.Written) } };

    public static Note Evolve(Note note, NoteEvent e) => e switch
    {
        NoteEvent.Written written => note with { Text = written.Text },
        _ => throw new UnreachableException(),
    };
}

internal sealed record NoteRow(string Text)
{
    public static readonly View<NoteRow> View = new(
        "notes", version: 1, keys: e => e.Data is NoteEvent ? [e.StreamKey] : [], evolve: (_, e, _) => new NoteRow(((NoteEvent.Written)e.Data).Text))
    { Lifecycle = ViewLifecycle.Inline };
}
