using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Edge;

// EdgeDelivery -> Read -> ReceivedBatch (the form only; whether its events may be kept is decided in Gate)
/// <summary>The strict reading of a batch: one wrong member and the whole batch is refused, because its sender is not who we know.</summary>
public static partial class ReadBatch
{
    private const string NoPrevious = "0000000000000000000000000000000000000000000000000000000000000000";

    public static ReceivedBatch Read(EdgeDelivery delivery)
    {
        var words = delivery.RoutingKey.Split('.');
        var named = words.Length == 3 && words.All(IsName);
        var agent = delivery.Agent is { } name && IsName(name) ? name : null;
        var batch = new ReceivedBatch(
            Tenant: named ? words[0] : null,
            Site: named ? words[1] : "",
            Lane: named ? words[2] : "",
            agent,
            delivery.Sequence is > 0 ? delivery.Sequence : null,
            StartsChain: delivery.Sequence == 1 && delivery.Previous is null or NoPrevious,
            delivery.RoutingKey,
            Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span)),
            Previous: delivery.Previous is { } previous && Hash().IsMatch(previous) ? previous : null,
            BatchSeal.Fingerprint(delivery),
            Seal: delivery.Body.Length <= EdgeBatch.LargestBody ? BatchSeal.Of(delivery) : null,
            delivery.Body.Length,
            IsTraceParent(delivery.TraceParent) ? delivery.TraceParent : null,
            Events: [],
            Refused: null)
        { Delivery = delivery };

        var refused =
            !named ? Refusals.RoutingKey
            : delivery.ContentType != EdgeBatch.ContentType ? Refusals.ContentType
            : delivery.Body.Length > EdgeBatch.LargestBody ? Refusals.Oversize
            : batch.Agent is null ? Refusals.Agent
            : batch.Sequence is null ? Refusals.Sequence
            : null;
        return refused is null ? WithEvents(batch, delivery.Body.Span) : batch with { Refused = refused };
    }

    private static ReceivedBatch WithEvents(ReceivedBatch batch, ReadOnlySpan<byte> body)
    {
        try
        {
            var events = JsonSerializer.Deserialize<EdgeEvent[]>(body, EdgeBatch.Json);
            if (events is null or [] || events.Any(e => e is null) || events.DistinctBy(e => e.Id).Count() < events.Length)
                return batch with { Refused = Refusals.Schema };
            if (events.Any(e => e.TenantId != batch.Tenant))
                return batch with { Refused = Refusals.Tenant };
            var source = $"/tenants/{batch.Tenant}/sites/{batch.Site}/agents/{batch.Agent}";
            if (events.Any(e => e.Source != source))
                return batch with { Refused = Refusals.Source };
            return batch with { Events = [.. events.Select(ReadEvent.Read)] };
        }
        // STJ answers a lone surrogate with InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return batch with { Refused = Refusals.Schema };
        }
    }

    // W3C Trace Context §3.2.2; .NET's own parser does not look at the dashes. What is none is ignored, as the standard says: the batch is sound.
    private static bool IsTraceParent(string? text) =>
        ActivityContext.TryParse(text, null, out _) && text is [_, _, '-', ..] && text[35] == '-' && text[52] == '-';

    // Tenants, sites and agents are slugs: they become stream keys, routing keys and paths.
    private static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Name();
}
