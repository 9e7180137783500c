using System.Globalization;
using Fleet.Agent.Changes;
using Fleet.Agent.Spooling;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>The devices that are visited, as the agent knows them here; not all of it may be known to anybody else.</summary>
internal static class DevicesPage
{
    private const int AtOnce = 50;

    public static Answer Show(AgentView agent, Asking asking)
    {
        var found = FindDevices.By(asking["find"], agent);
        var from = int.TryParse(asking["from"], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < found.Count ? at : 0;
        using var remembered = new RememberedDevices(agent.StateDir);
        var now = agent.Now().At;
        var rows = found.Skip(from).Take(AtOnce).Select(device => Row(device, remembered.At(device.Target), now)).ToList();
        return Shown(agent, asking, "/devices", "Devices", Html.Of($"""
            <h1>Devices</h1>
            <form class="find" role="search"><label for="find">Find</label><input id="find" type="search" name="find" value="{asking["find"]}" placeholder="address, serial number, model, name or place"><button>Find</button></form>
            <p class="count">{found.Count} {(found.Count == 1 ? "device" : "devices")}{Html.If(asking["find"].Length > 0, $" with “{asking["find"]}” · <a href=\"/devices\">all</a>")}</p>
            {(rows.Count == 0 ? Html.Of($"<p class=\"empty\">None. Devices come from the <a href=\"/ranges\">ranges</a> and from the configuration.</p>") : Html.Of($"""
                <table><thead><tr><th scope="col">Device</th><th scope="col">Address</th><th scope="col">Last answered</th><th scope="col">Status</th><th scope="col">Supplies</th></tr></thead>
                <tbody>{Html.Each(rows, row => row)}</tbody></table>
                """))}
            {Pager(asking, from, found.Count)}
            """));
    }

    /// <summary>What a device calls itself, as far as it was told.</summary>
    public static string NameOf(DeviceNow? device, DeviceMemory? memory) =>
        (memory?.Device.Manufacturer, memory?.Seen?.Model) switch
        {
            ({ } maker, { } model) => model.StartsWith(maker, StringComparison.OrdinalIgnoreCase) ? model : $"{maker} {model}",
            (null, null) => device?.Label ?? "a device that has not said what it is",
            var (maker, model) => maker ?? model!
        };

    public static Html Status(DeviceNow? device, DeviceMemory? memory) =>
        device is { IsSilent: true } ? Badge("bad", "silent")
        : memory?.Status is not { } status ? Badge("off", "not said")
        : Badge(status.DeviceStatus switch { "running" => "good", "warning" => "warn", "down" or "unreachable" => "bad", _ => "off" }, status.DeviceStatus);

    private static Html Row(DeviceNow device, DeviceMemory? memory, DateTimeOffset now) => Html.Of($"""
        <tr><th scope="row"><a href="/device?at={device.Target}">{NameOf(device, memory)}</a><span>{memory?.Device.Serial ?? memory?.Device.Mac}{Html.If(memory?.Seen?.Name is not null, $" · {memory?.Seen?.Name}")}</span></th>
        {Cell("Address", Html.Of($"<code>{device.Address}</code>"))}
        {Cell("Last answered", device.Answered is { } answered ? Html.Of($"{SpanWords.Of(now - answered)} ago") : Words("not since the agent's start"))}
        {Cell("Status", Html.Of($"{Status(device, memory)}{Html.If(device.MissingSince is not null, $" <small>not found since {device.MissingSince ?? default}</small>")}{Html.If(memory?.Alerts is { Count: > 0 }, $" <small>{memory?.Alerts?.Count ?? 0} {(memory?.Alerts is [_] ? "alert" : "alerts")}</small>")}"))}
        {Cell("Supplies", memory?.Supplies is { } supplies ? Words(Lowest(supplies.Supplies.Where(supply => supply.Class == "consumed").Select(supply => supply.Percent))) : Words("–"))}</tr>
        """);

    private static string Lowest(IEnumerable<decimal?> percents) => percents.Where(percent => percent is not null).Min() is { } least ? string.Create(CultureInfo.InvariantCulture, $"lowest {least:0.#} %") : "no percentage told";

    private static Html Pager(Asking asking, int from, int count) => Html.If(count > AtOnce, $"""
        <nav class="pager" aria-label="More devices">{Html.If(from > 0, $"<a href=\"{asking.With("from", Text(Math.Max(0, from - AtOnce)))}\" rel=\"prev\">Before</a>")}
        <span>{from + 1}–{Math.Min(from + AtOnce, count)} of {count}</span>{Html.If(from + AtOnce < count, $"<a href=\"{asking.With("from", Text(from + AtOnce))}\" rel=\"next\">Further</a>")}</nav>
        """);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
