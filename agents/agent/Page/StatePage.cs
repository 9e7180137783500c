using Fleet.Agent.Granting;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>How the agent is: what it may ask, whether what it says arrives, what it keeps, what it found.</summary>
internal static class StatePage
{
    public static Answer Show(AgentView agent, Asking asking)
    {
        var now = agent.Now();
        return Shown(agent, asking, "/", "State", Html.Of($"""
            <h1>State</h1>
            {(now.NotWritten is { } why ? Note("bad", Html.Of($"<p>The transcript cannot be written, so nothing is asked and nothing is sent: {why}</p>")) : Html.None)}
            {(now.Withheld.Trouble is { } trouble ? Note("bad", Html.Of($"<p>{trouble}</p>")) : Html.None)}
            <div class="cards">
            {Agent(agent, now)}{Grant(now)}{Link(now)}{Spool(now)}{Sweep(now, asking)}{Transcript(agent, now)}
            </div>
            """));
    }

    private static Html Card(string title, Html badge, Html content) => Html.Of($"<section class=\"card\"><h2>{title}{badge}</h2>{content}</section>");

    private static Html Line(string name, Html value) => Html.Of($"<dt>{name}</dt><dd>{value}</dd>");

    private static Html Agent(AgentView agent, AgentNow now) => Card("Agent", now.HeldBy is null ? Badge("good", "running") : Badge("off", "waiting"), Html.Of($"""
        {Html.If(now.HeldBy is not null, $"<p><strong>{now.HeldBy}</strong> reports from this site. This agent asks nothing, and takes over when that one falls silent.</p>")}
        <dl>{Line("Version", Words(AgentRun.Version))}{Line("Running for", Words(SpanWords.Of(now.Up)))}
        {Line("Devices", Html.Of($"<a href=\"/devices\">{now.Devices}</a>"))}{Line("Tenant, site", Html.Of($"{agent.Config.Tenant}, {agent.Config.Site}"))}
        {Line("Signs with key", Html.Of($"<code class=\"wrap\">{agent.Key}</code>"))}</dl>
        """));

    private static Html Grant(AgentNow now) => now.Signed is { } grant
        ? Card("Grant", (grant.Allowed & ~now.Withheld.Groups) == 0 ? Badge("off", "nothing is asked") : Badge("good", "holds"), Html.Of($"""
            <dl>{Line("Number", Html.Of($"<code class=\"wrap\">{grant.Id}</code>"))}{Line("Until", Html.Of($"{grant.Until} <small>in {SpanWords.Of(grant.Until - now.At)}</small>"))}
            {Line("Opens here", Words(Granting.Grant.Words(grant.Allowed & ~now.Withheld.Groups)))}
            {(now.Withheld.List.Count > 0 ? Line("Off at this site", Words(string.Join(", ", now.Withheld.List.Select(each => each.Group)))) : Html.None)}</dl>
            <p><a href="/consents">Consents and switches</a></p>
            """))
        : Card("Grant", Badge("warn", "none"), Html.Of($"<p>Nothing is asked of any device.</p><p>{now.GrantNews}</p>"));

    private static Html Link(AgentNow now) => Card("Link to Fleet", (now.Link.IsConnected, now.Link.Trouble) switch
    {
        (true, null) => Badge("good", "connected"),
        (true, _) => Badge("warn", "connected, with trouble"),
        _ => Badge("warn", "not connected")
    }, Html.Of($"""
        <dl>{Line("Broker", Html.Of($"<code>{now.Link.Broker}</code>"))}{Line("In the way now", Words(now.Link.Trouble ?? (now.Link.IsConnected ? "nothing" : "not said yet")))}
        {(now.Link.Last is { } last ? Line("Last trouble", Html.Of($"{last.At}<br>{last.Line}")) : Html.None)}</dl>
        {Html.If(!now.Link.IsConnected, $"<p>Nothing is lost meanwhile: what was read waits here.</p>")}
        """));

    private static Html Spool(AgentNow now) => Card("Events", now.Tally.Refused > 0 ? Badge("warn", "some refused") : Html.None, Html.Of($"""
        <p class="sum"><span><b>{now.Tally.Accepted}</b> accepted</span> <i>=</i> <span><b>{now.Tally.Sent}</b> sent</span> <i>+</i> <span><b>{now.Tally.Kept}</b> kept</span> <i>+</i> <span><b>{now.Tally.Refused}</b> refused</span></p>
        <dl>{Line("Last batch", Words(Number(now.Chain.Sequence)))}</dl>
        <p class="quiet">Kept: read, and not yet confirmed by Fleet. Refused: given up for want of room or for their age.</p>
        """));

    private static Html Sweep(AgentNow now, Asking asking) => Card("Search for devices", now.Sweep.IsRunning ? Badge("good", "under way") : Html.None, Html.Of($"""
        {(now.Sweep.Last is { } sweep ? Swept(sweep) : now.Sweep.At is { } at ? Html.Of($"<p>Last {at}, before the agent's start.</p>") : Html.Of($"<p>{(now.Ranges.Counting.Count == 0 ? "No ranges are given; only devices named in the configuration are asked." : "Not yet.")}</p>"))}
        {Html.If(now.Ranges.Counting.Count > 0, $"{Form(asking, "/sweep", Html.Of($"<button>Search now</button>"))}")}
        <p><a href="/ranges">Ranges</a></p>
        """));

    private static Html Swept(DiscoveryHealth sweep) => Html.Of($"""
        <dl>{Line("Began", Html.Of($"{sweep.At}"))}{Line("Addresses asked", Html.Of($"{sweep.Asked}"))}{Line("Answered", Html.Of($"{sweep.Answered}"))}
        {Line("Printers", Html.Of($"{sweep.Printers} <small>{sweep.New} new, {sweep.Moved} moved, {sweep.Vanished} vanished</small>"))}
        {Line("Left alone", Words(sweep.LeftOut.Count == 0 ? "nothing else answered" : string.Join(", ", sweep.LeftOut.Select(kind => $"{kind.Count} {kind.Kind}"))))}</dl>
        """);

    private static Html Transcript(AgentView agent, AgentNow now)
    {
        var extent = Transcribing.BrowseTranscript.ExtentOf(agent.Transcript);
        return Card("Transcript", Html.None, Html.Of($"""
            <dl>{Line("Entries", Html.Of($"{now.Transcribed - extent.First + 1}"))}{(extent.Began is { } began ? Line("Begins", Html.Of($"{began}{Html.If(extent.First > 1, $" <small>with entry {extent.First}; what came before was removed for its age</small>")}")) : Html.None)}
            {Line("On disk", Words($"{SpanWords.Size(extent.Bytes)} in {extent.Files} {(extent.Files == 1 ? "file" : "files")}"))}</dl>
            <p class="quiet">Every object asked and every byte sent, before it goes out, chained by hashes. <code>fleet-agent transcript verify</code> follows the chain.</p>
            <p><a href="/sent">Sent</a> · <a href="/asked">Asked</a></p>
            """));
    }
}
