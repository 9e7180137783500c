using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>Which addresses are searched for devices: what they come to, and changing them without a restart. The configuration file stays as it is.</summary>
internal static class RangesPage
{
    public static Answer Show(AgentView agent, Asking asking) => Show(agent, asking, null, null);

    public static Answer Change(AgentView agent, Asking asking)
    {
        var form = RangeForm.Of(asking);
        var (wanted, why) = form.Decide(agent.Now().Ranges.Counting);
        if (wanted is null) return Show(agent, asking, form, why);
        if (form.Action == "check") return Show(agent, asking, form, null);
        try
        {
            agent.Orders.SetRanges(wanted);
            return Answer.See("/ranges");
        }
        catch (ConfigException wrong)
        {
            return Show(agent, asking, form, wrong.Message);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            return Show(agent, asking, form, $"It cannot be written down, so nothing was done: {full.Message}");
        }
    }

    public static Answer Forget(AgentView agent, Asking asking)
    {
        try
        {
            agent.Orders.ForgetRanges();
            return Answer.See("/ranges");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return Show(agent, asking, null, $"What was written here cannot be deleted, so nothing was done: {denied.Message}");
        }
    }

    public static Answer Sweep(AgentView agent)
    {
        agent.Orders.SweepNow();
        return Answer.See("/");
    }

    private static Answer Show(AgentView agent, Asking asking, RangeForm? written, string? why)
    {
        var now = agent.Now();
        var ranges = now.Ranges;
        return Shown(agent, asking, "/ranges", "Ranges", Html.Of($"""
            <h1>Ranges</h1>
            <p class="lead">These addresses are searched for printers, one small question each. An address that is in none of them, or left out with <code>!</code>, is not asked anything.</p>
            {(ranges.Trouble is { } trouble ? Note("bad", Html.Of($"<p>{trouble}</p>")) : Html.None)}
            {(written is null && why is not null ? Note("bad", Html.Of($"<p>{why}</p>")) : Html.None)}
            {Which(ranges, asking)}
            {(now.Sweep.IsRunning ? Note("good", Html.Of($"<p>A search is under way.</p>")) : Html.If(ranges.Counting.Count > 0, $"{Form(asking, "/sweep", Html.Of($"<button>Search now</button>"))}"))}
            {Html.Each(Enumerable.Range(0, ranges.Counting.Count), at => Card(at, ranges.Counting[at], ranges, asking, written, why))}
            {Card(ranges.Counting.Count, null, ranges, asking, written, why)}
            {Html.If(ranges.Targets.Count > 0, $"<h2>Named in the configuration</h2><p>Asked whatever the ranges are: {string.Join(", ", ranges.Targets.Take(50).Select(target => target.Address))}{Html.If(ranges.Targets.Count > 50, $" and {ranges.Targets.Count - 50} more")}. To leave one out, take it out of <code>targets</code> in the configuration file.</p>")}
            <h2>How to write them</h2>
            <p>Words between commas, blanks or line ends: <code>192.0.2.0/24</code>, <code>192.0.2.10-90</code>, <code>192.0.2.7</code>, <code>printer.example</code>; <code>!</code> before a word leaves it out.
            A network's own address and its broadcast are never asked. At most {Discovering.Ranges.MaxAddresses} addresses in all.</p>
            """), why is null ? 200 : 422);
    }

    private static Html Which(RangesNow ranges, Asking asking) => ranges.AreOwn
        ? Note("info", Html.Of($"""
            <p><strong>What counts is what was written on this page</strong> (<code>ranges.json</code> in the state directory), not the configuration file. There stands:
            {(ranges.Configured.Count == 0 ? Words("nothing") : Html.Each(ranges.Configured, range => Html.Of($"<code>{range.Addresses}</code> ")))}</p>{Form(asking, "/ranges/forget", Html.Of($"<button>Use the configuration file's again</button>"))}
            """))
        : Note("info", Html.Of($"<p><strong>What counts is the configuration file.</strong> A change here is kept beside it and counts from then on; the file stays as it is.</p>"));

    private static Html Card(int at, RangeConfig? range, RangesNow ranges, Asking asking, RangeForm? written, string? why)
    {
        var mine = written?.At == at ? written : null;
        var (addresses, port, opens) = mine is { Action: not "remove" } ? (mine.Addresses, mine.Port, mine.Opens)
            : range is null ? ("", "161", RangeForm.Usual) : (range.Addresses, range.Port.ToString(CultureInfo.InvariantCulture), RangeForm.OpensOf(range));
        var id = at.ToString(CultureInfo.InvariantCulture);
        return Html.Of($"""
            <section class="card range" id="range-{id}"><h2>{(range is null ? "Add a range" : $"Range {at + 1}")}</h2>
            {(mine is null ? Html.None : why is null ? Html.None : Html.Of($"<div id=\"wrong-{id}\" class=\"note bad\" role=\"alert\"><p>{why}</p>{Marked(addresses)}</div>"))}
            {Form(asking, "/ranges", Html.Of($"""
                <input type="hidden" name="at" value="{id}"><input type="hidden" name="was" value="{RangeForm.Mark(ranges.Counting)}">
                <p><label for="addresses-{id}">Addresses</label><textarea id="addresses-{id}" name="addresses" rows="2" spellcheck="false" {Html.If(mine is not null && why is not null, $"aria-invalid=\"true\" aria-describedby=\"wrong-{id}\" autofocus")}>{addresses}</textarea></p>
                {ComesTo(addresses)}
                <div class="row"><p><label for="port-{id}">Port</label><input id="port-{id}" name="port" inputmode="numeric" size="5" value="{port}"></p>
                <p><label for="opens-{id}">Opened by</label><select id="opens-{id}" name="opens">{Choice(RangeForm.Usual, "the usual community (v2c)", opens)}
                {(range is not null && RangeWords.HasOwnCommunity(range) ? Choice(RangeForm.Own, "a community of its own (v2c)", opens) : Html.None)}{Html.Each(ranges.Credentials, name => Choice(RangeForm.Named + name, $"credential {name}", opens))}</select></p></div>
                <p class="buttons">{(range is null
                    ? Html.Of($"<button name=\"action\" value=\"add\" class=\"main\">Add</button>")
                    : Html.Of($"<button name=\"action\" value=\"change\" class=\"main\">Save</button>"))}<button name="action" value="check">Check only</button>{Html.If(range is not null, $"<button name=\"action\" value=\"remove\" class=\"danger\">Remove</button>")}</p>
                """), "fields")}
            </section>
            """);
    }

    private static Html ComesTo(string addresses) => addresses.Length > 0 && ParseRanges.TryFrom(addresses, out var parsed, out _)
        ? Html.Of($"<ul class=\"words\">{Html.Each(RangeWords.Of(parsed), line => Html.Of($"<li>{line}</li>"))}</ul>")
        : Html.None;

    // The wrong word in its place.
    private static Html Marked(string addresses) => !ParseRanges.TryFrom(addresses, out _, out var fault) && fault.Word.Length > 0 && fault.Column - 1 + fault.Word.Length <= addresses.Length
        ? Html.Of($"<pre class=\"marked\">{addresses[..(fault.Column - 1)]}<mark>{addresses[(fault.Column - 1)..(fault.Column - 1 + fault.Word.Length)]}</mark>{addresses[(fault.Column - 1 + fault.Word.Length)..]}</pre>")
        : Html.None;

    private static Html Choice(string value, string words, string chosen) => Html.Of($"<option value=\"{value}\"{Html.If(value == chosen, $" selected")}>{words}</option>");
}
