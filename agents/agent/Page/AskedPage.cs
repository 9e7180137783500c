using Fleet.Agent.Transcribing;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>Which objects which devices were asked for, under which grant, newest first; and who switched what.</summary>
internal static class AskedPage
{
    private const int ShownDevices = 6;

    public static async Task<Answer> ShowAsync(AgentView agent, Asking asking, TimeProvider clock)
    {
        var lines = new AskedLines(asking["device"], asking["object"]);
        var found = await SentPage.InTurnAsync(() => SearchForm.Browse(agent, asking).Run(lines.Of, clock, asking.Gone, lines.NextFile), asking.Gone);
        return Shown(agent, asking, "/asked", "Asked", Html.Of($"""
            <h1>Asked</h1>
            <p class="lead">Every object (OID) that was asked of a device on this network, within a second of being asked.</p>
            <form class="search" role="search">
            <p><label for="device">Device</label><input id="device" type="search" name="device" value="{asking["device"]}" placeholder="its address, or how it begins"></p>
            <p><label for="object">Object begins with</label><input id="object" type="search" name="object" value="{asking["object"]}" placeholder="1.3.6.1.2.1.43"></p>
            {SearchForm.Times(asking)}<p><button>Search</button> <a href="/asked">Clear</a></p></form>
            {(found.Lines.Count == 0 ? Html.Of($"<p class=\"empty\">Nothing was asked that fits, as far as was searched.</p>") : Html.Of($"""
                <table class="asked"><thead><tr><th scope="col">Asked</th><th scope="col">Devices</th><th scope="col">Objects</th><th scope="col">Grant</th></tr></thead><tbody>{Html.Each(found.Lines, Row)}</tbody></table>
                """))}
            {SearchForm.Older(asking, found)}
            """));
    }

    private static Html Row(AskedLine line) => line.Kind == "asked"
        ? Html.Of($"""
            <tr><th scope="row">{line.At}</th>{Cell("Devices", Devices(line.Devices))}{Cell("Objects", Objects(line.Oids))}{Cell("Grant", Html.Of($"<code class=\"wrap\">{line.Grant ?? "none"}</code>"))}</tr>
            """)
        : Html.Of($"<tr class=\"event\"><th scope=\"row\">{line.At}</th><td colspan=\"3\">{line.Words}</td></tr>");

    private static Html Devices(IReadOnlyList<string> devices) => devices.Count <= ShownDevices
        ? Html.Each(devices, device => Html.Of($"<code>{device}</code> "))
        : Html.Of($"<details><summary>{devices.Count} devices</summary>{Html.Each(devices, device => Html.Of($"<code>{device}</code> "))}</details>");

    private static Html Objects(IReadOnlyList<string> oids) => Html.Of($"""
        <details><summary>{oids.Count} {(oids.Count == 1 ? "object" : "objects")}: {string.Join(", ", oids.Select(ObjectNames.Of).Distinct().Take(4))}{Html.If(oids.Select(ObjectNames.Of).Distinct().Count() > 4, $", …")}</summary>
        <ul class="oids">{Html.Each(oids, oid => Html.Of($"<li><code>{oid}</code> {ObjectNames.Of(oid)}</li>"))}</ul></details>
        """);
}
