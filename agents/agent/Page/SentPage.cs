using System.Text.Json;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>Every batch that left, from the transcript, newest first.</summary>
internal static class SentPage
{
    private const int ShownEvents = 4;

    // One search at a time: each may read gigabytes.
    private static readonly SemaphoreSlim One = new(1, 1);

    private static readonly string[] Types =
        [EdgeEventTypes.DeviceSeen, EdgeEventTypes.MeterRead, EdgeEventTypes.SuppliesRead, EdgeEventTypes.StatusChanged, EdgeEventTypes.AlertRaised, EdgeEventTypes.AlertCleared, EdgeEventTypes.AgentHealth];

    private sealed record Row(SentLine Batch, int Bytes, int Events, IReadOnlyList<string> Shown, int Fitting);

    public static async Task<Answer> ShowAsync(AgentView agent, Asking asking, TimeProvider clock)
    {
        var search = new SentSearch(asking["text"], Types.FirstOrDefault(type => type == asking["type"], ""), FindDevices.NamesOf(asking["device"], agent));
        var found = await InTurnAsync(() => SearchForm.Browse(agent, asking).Run((head, line) => RowOf(SentLine.Of(head, line), search), clock, asking.Gone), asking.Gone);
        return Shown(agent, asking, "/sent", "Sent", Html.Of($"""
            <h1>Sent</h1>
            <p class="lead">Every batch that left this machine for Fleet, as it left. A batch that had to be sent again stands here again, under the same number.</p>
            <form class="search" role="search">
            <p><label for="device">Device</label><input id="device" type="search" name="device" value="{asking["device"]}" placeholder="serial number, address, MAC, name"></p>
            <p><label for="text">Text</label><input id="text" type="search" name="text" value="{asking["text"]}" placeholder="anything in an event"></p>
            <p><label for="type">Type</label><select id="type" name="type"><option value="">any</option>{Html.Each(Types, type => Html.Of($"<option value=\"{type}\"{Html.If(type == asking["type"], $" selected")}>{Short(type)}</option>"))}</select></p>
            {SearchForm.Times(asking)}<p><button>Search</button> <a href="/sent">Clear</a></p></form>
            {(found.Lines.Count == 0 ? Html.Of($"<p class=\"empty\">Nothing was sent that fits, as far as was searched.</p>") : Html.Of($"""
                <table><thead><tr><th scope="col">Batch</th><th scope="col">Sent</th><th scope="col">Lane</th><th scope="col">{(search.IsAll ? "Events" : "Events that fit")}</th><th scope="col">Size</th></tr></thead>
                <tbody>{Html.Each(found.Lines, row => RowOf(row, search))}</tbody></table>
                """))}
            {SearchForm.Older(asking, found)}
            """));
    }

    /// <summary>A type without what all of them have.</summary>
    public static string Short(string type) => type.Replace("fleet.edge.", "", StringComparison.Ordinal).Replace(".v1", "", StringComparison.Ordinal);

    /// <summary>An event in a few words: its type and its device.</summary>
    public static string Told(ReadOnlyMemory<byte> one)
    {
        using var json = JsonDocument.Parse(one);
        var device = json.RootElement.GetProperty("data").TryGetProperty("device", out var named) ? named : default;
        return $"{Short(json.RootElement.GetProperty("type").GetString()!)}{(device.ValueKind == JsonValueKind.Object ? $" · {Text("manufacturer")} {Text("serial") ?? Text("mac") ?? Text("address") ?? Text("key")}" : "")}";

        string? Text(string name) => device.TryGetProperty(name, out var text) ? text.GetString() : null;
    }

    public static async Task<T> InTurnAsync<T>(Func<T> search, CancellationToken gone)
    {
        await One.WaitAsync(gone);
        try
        {
            return await Task.Run(search, gone);
        }
        finally
        {
            One.Release();
        }
    }

    private static Row? RowOf(SentLine? batch, SentSearch search)
    {
        if (batch is null || !search.Fits(batch.Body)) return null;
        var events = batch.Events;
        var fitting = search.IsAll ? events : [.. events.Where(search.Fits)];
        return fitting.Count == 0 ? null : new(batch with { Body = default }, batch.Body.Length, events.Count, [.. fitting.Take(ShownEvents).Select(Told)], fitting.Count);
    }

    private static Html RowOf(Row row, SentSearch search) => Html.Of($"""
        <tr><th scope="row"><a href="/batch?line={Number(row.Batch.Number)}">{Number(row.Batch.Sequence)}</a></th>{Cell("Sent", Html.Of($"{row.Batch.At}"))}{Cell("Lane", Words(row.Batch.RoutingKey.Split('.')[^1]))}
        {Cell("Events", Html.Of($"""
            <ul class="told">{Html.Each(row.Shown, told => Html.Of($"<li>{told}</li>"))}{Html.If(row.Fitting > row.Shown.Count, $"<li class=\"quiet\">and {row.Fitting - row.Shown.Count} more</li>")}</ul>{Html.If(!search.IsAll, $"<small>{row.Fitting} of {row.Events}</small>")}
            """))}{Cell("Size", Words(SpanWords.Size(row.Bytes)), "number")}</tr>
        """);
}
