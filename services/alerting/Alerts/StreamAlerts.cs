// committed sequence -> AnnounceAlert.Message -> GET /api/v1/alerts/stream (server-sent events)
using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Alerting.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Alerting.Alerts;

/// <summary>
/// The live list of the operations desk (WHATWG server-sent events). <c>id</c> is the position in the committed sequence, so any replica resumes where
/// another one stopped, without loss or double.
/// </summary>
public static class StreamAlerts
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>One event of the wire, or null for what stays inside.</summary>
    public static string? Frame(IEvent e)
    {
        var message = AnnounceAlert.Message(e);
        var name = message switch
        {
            AlertRaised => "alert-raised",
            AlertAcknowledged => "alert-acknowledged",
            AlertResolved => "alert-resolved",
            _ => null,
        };
        return name is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"id: {e.Sequence}\nevent: {name}\ndata: {JsonSerializer.Serialize(message, message!.GetType(), JsonSerializerOptions.Web)}\n\n");
    }

    /// <summary>A reconnecting browser sends <c>Last-Event-ID</c> and the old query with it: the header is the newer word.</summary>
    public static bool TryPosition(string? lastEventId, string? after, out long? position)
    {
        position = null;
        var text = string.IsNullOrEmpty(lastEventId) ? after : lastEventId;
        if (string.IsNullOrEmpty(text))
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return false;
        position = sequence;
        return true;
    }

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.MapGet("/api/v1/alerts/stream", async (
            string? tenant,
            [Description("The `id` of an event: goes on after it. Left out: from now on.")] string? after,
            [FromHeader(Name = "Last-Event-ID"), Description("What a reconnecting browser sends; wins over `after`.")] string? lastEventId,
            HttpContext http, Caller caller) =>
        {
            if (tenant is not null && !caller.Sees(tenant))
                return caller.Unseen(tenant).ToResult();
            if (!TryPosition(lastEventId, after, out var position))
                return Refusal.Invalid("position", "Last-Event-ID and after take an id this stream gave out.").ToResult();

            using var token = TokenLife.Of(http.User, module.Clock);
            await using var access = AccessLife.Of(http, caller, module.Clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, token.Token, access.Token, stopping);
            try
            {
                await SendAsync(http.Response, module, position ?? await module.Store.HighWaterMarkAsync(end.Token), caller.Among(tenant), end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The caller hung up, the token expired, a tenant changed what it allows or this process stops: the caller comes back with the last id.
            }
            return Results.Empty;
        }).Requires(Right.ReadAlerts).Produces<string>(contentType: "text/event-stream")
        .WithName("StreamAlerts").WithSummary("Alerts as they come, as server-sent events")
        .WithDescription(
            "Events `alert-raised`, `alert-acknowledged` and `alert-resolved`; `data` is the JSON of that message, see `contracts/schemas/alerting.v1.*.json`. `id` is a position "
            + "that any replica resumes from, without loss or double. A comment every 15 s shows that the stream is alive. It ends when the token expires, or when a tenant changes what it allows: come back with the last `id`, and a new token.")
        .ProducesProblem(StatusCodes.Status404NotFound);
    }

    // Every write waits until the connection took it: a slow reader holds one page, and Kestrel ends a connection that takes nothing at all.
    private static async Task SendAsync(HttpResponse response, ModuleContext module, long after, IReadOnlyList<string> tenants, CancellationToken end)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";       // nginx would hold events back
        // An id without data: who is cut off before the first event still knows where to resume.
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"retry: 2000\nid: {after}\n\n"), end);
        await response.Body.FlushAsync(end);

        await foreach (var page in module.FollowAsync(after, tenants, Heartbeat, end))
        {
            if (page.Count == 0)
                await response.WriteAsync(": still here\n\n", end);
            foreach (var frame in page.Select(Frame).OfType<string>())
                await response.WriteAsync(frame, end);
            await response.Body.FlushAsync(end);
        }
    }
}
