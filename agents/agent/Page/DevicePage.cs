using System.Globalization;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>What was last said of one device.</summary>
internal static class DevicePage
{
    public static Answer Show(AgentView agent, Asking asking)
    {
        var device = agent.Devices().FirstOrDefault(one => one.Target == asking["at"]);
        using var remembered = new RememberedDevices(agent.StateDir);
        var memory = remembered.At(asking["at"]);
        if (device is null && memory is null) return Shown(agent, asking, "/devices", "No such device", Html.Of($"<h1>No such device</h1><p><a href=\"/devices\">Devices</a></p>"), 404);
        var name = DevicesPage.NameOf(device, memory);
        return Shown(agent, asking, "/devices", name, Html.Of($"""
            <p class="up"><a href="/devices">Devices</a></p>
            <h1>{name} {DevicesPage.Status(device, memory)}</h1>
            <div class="cards"><section class="card"><h2>Here</h2><dl>
            {Line("Address", device?.Address)}{Line("Last answered", device?.Answered is { } at ? Html.Of($"{at}") : Words("not since the agent's start"))}
            {(device?.MissingSince is { } missing ? Line("Not found by a search since", Html.Of($"{missing}")) : Html.None)}</dl>
            <p><a href="/sent?device={Uri.EscapeDataString(memory?.Device.Serial ?? memory?.Key ?? "")}">What was sent of it</a> · <a href="/asked?device={Uri.EscapeDataString(Asked(device))}">What it was asked</a></p></section>
            <section class="card"><h2>Last said to Fleet</h2>{(memory is null ? Html.Of($"<p>Nothing yet.</p>") : Html.Of($"""
                <dl>{Line("Manufacturer", memory.Device.Manufacturer)}{Line("Model", memory.Seen?.Model)}{Line("Serial number", memory.Device.Serial)}{Line("MAC", memory.Device.Mac)}
                {Line("Address", memory.Device.Address ?? "not said")}{Line("Name", memory.Seen?.Name)}{Line("Place", memory.Seen?.Location)}{Line("Firmware", memory.Seen?.Firmware)}
                {Line("Status", memory.Status is { } status ? string.Join(", ", [status.DeviceStatus, status.PrinterStatus, .. status.Errors]) : null)}
                {Line("Counters", memory.MetersOn is { } day ? string.Create(CultureInfo.InvariantCulture, $"last on {day:yyyy-MM-dd}") : null)}{Line("Key", memory.Key)}</dl>
                """))}</section></div>
            {(memory?.Alerts is { Count: > 0 } alerts ? Alerts(alerts) : Html.None)}
            {(memory?.Supplies is { Supplies.Count: > 0 } supplies ? Supplies(supplies.Supplies) : Html.None)}
            """));
    }

    // As an address and a port are written together: what begins so is this device and no other.
    private static string Asked(DeviceNow? device) => device is null ? "" : device.Address.Contains(':', StringComparison.Ordinal) ? $"[{device.Address}]:" : $"{device.Address}:";

    private static Html Line(string name, string? value) => value is null ? Html.None : Line(name, Words(value));

    private static Html Line(string name, Html value) => Html.Of($"<dt>{name}</dt><dd>{value}</dd>");

    private static Html Alerts(IReadOnlyList<AlertRaised> alerts) => Html.Of($"""
        <h2>Alerts</h2><table><thead><tr><th scope="col">Alert</th><th scope="col">Severity</th><th scope="col">Code</th></tr></thead><tbody>
        {Html.Each(alerts, alert => Html.Of($"<tr><th scope=\"row\">{(alert.Description.Length > 0 ? alert.Description : alert.Group)}</th>{Cell("Severity", Words(alert.Severity))}{Cell("Code", Words(alert.Code.ToString(CultureInfo.InvariantCulture)))}</tr>"))}</tbody></table>
        """);

    private static Html Supplies(IReadOnlyList<SupplyRead> supplies) => Html.Of($"""
        <h2>Supplies</h2><table><thead><tr><th scope="col">Supply</th><th scope="col">Kind</th><th scope="col">Level</th></tr></thead><tbody>
        {Html.Each(supplies, supply => Html.Of($"""
            <tr><th scope="row">{(supply.Description.Length > 0 ? supply.Description : supply.Type)}<span>{supply.Color}</span></th>{Cell("Kind", Words(supply.Type))}
            {Cell("Level", supply.Percent is { } percent ? Html.Of($"<meter min=\"0\" max=\"100\" low=\"15\" value=\"{Number(percent)}\"></meter> {Number(percent)} %") : Words(supply.Level is { } level ? $"{Number(level)} {supply.Unit}" : supply.State))}</tr>
            """))}</tbody></table>
        """);

    private static string Number(decimal number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
