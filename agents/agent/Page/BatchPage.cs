using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Spooling;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>One batch, byte for byte, with what proves it.</summary>
internal static class BatchPage
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Answer Show(AgentView agent, Asking asking)
    {
        if (Find(agent, asking) is not { } batch) return None(agent, asking);
        var events = batch.Events;
        return Shown(agent, asking, "/sent", $"Batch {Number(batch.Sequence)}", Html.Of($"""
            <p class="up"><a href="/sent">Sent</a></p>
            <h1>Batch {Number(batch.Sequence)}</h1>
            <section class="card"><dl class="wide">
            {Line("Sent", Html.Of($"{batch.At}"))}{Line("To", Html.Of($"exchange <code>{EdgeBatch.Exchange}</code>, key <code>{batch.RoutingKey}</code>"))}
            {Line("Entry of the transcript", Words(Number(batch.Number)))}{Line("Events", Html.Of($"{events.Count}"))}{Line("Size of the body", Html.Of($"{batch.Body.Length} bytes"))}
            {Line("SHA-256 of the body", Code(Batch.HashOf(batch.Body.Span)))}{Line("SHA-256 of the body before it", Code(batch.Previous))}
            {Line("Signature, ES256", Html.Of($"{Code(batch.Signature)} {Signed(agent, batch)}"))}{Line("Key", Code(batch.Key))}</dl>
            <p><a href="/batch/body?line={Number(batch.Number)}" download>Download the body as it was sent</a></p></section>
            <h2>Events</h2>
            {Html.Each(events, one => Html.Of($"<details><summary>{SentPage.Told(one)}</summary><pre>{Pretty(one)}</pre></details>"))}
            <h2>Byte for byte</h2>
            <pre class="raw">{Encoding.UTF8.GetString(batch.Body.Span)}</pre>
            """));
    }

    public static Answer Body(AgentView agent, Asking asking) => Find(agent, asking) is { } batch
        ? new(200, EdgeBatch.ContentType, batch.Body, FileName: string.Create(CultureInfo.InvariantCulture, $"{agent.Config.AgentId}-batch-{batch.Sequence}.json"))
        : None(agent, asking);

    private static SentLine? Find(AgentView agent, Asking asking) => long.TryParse(asking["line"], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? BrowseTranscript.Find(agent.Transcript, number, (head, line) => SentLine.Of(head, line)?.Copy())
        : null;

    private static Answer None(AgentView agent, Asking asking) => Shown(agent, asking, "/sent", "No such batch", Html.Of($"<h1>No such batch</h1><p>The transcript has none at this place, or not any more. <a href=\"/sent\">Sent</a></p>"), 404);

    private static Html Line(string name, Html value) => Html.Of($"<dt>{name}</dt><dd>{value}</dd>");

    private static Html Code(string text) => Html.Of($"<code class=\"wrap\">{text}</code>");

    private static Html Signed(AgentView agent, SentLine batch) =>
        batch.Key != agent.Key ? Badge("off", "of another key of this agent")
        : agent.IsSigned(BatchStatement.Of(agent.Config.AgentId, batch.Sequence, batch.Previous, batch.Body), batch.Signature) ? Badge("good", "holds")
        : Badge("bad", "does not hold");

    private static string Pretty(ReadOnlyMemory<byte> one)
    {
        using var json = JsonDocument.Parse(one);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Indented)) json.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
