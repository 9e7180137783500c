using Fleet.Agent.Granting;
using Fleet.Contracts.Consent.V1;
using Fleet.Printers;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>Each field group: what the customer's grant says of it, and a switch that can close it at this site and open it no further than the grant does.</summary>
internal static class ConsentsPage
{
    public static Answer Show(AgentView agent, Asking asking)
    {
        var now = agent.Now();
        return Shown(agent, asking, "/consents", "Consents", Html.Of($"""
            <h1>Consents</h1>
            <p class="lead">What may be asked of your devices is what the customer has consented to, less what is switched off here. A switch counts at once, with and without the internet, for every grant to come,
            and stands in the transcript.</p>
            {(now.Withheld.Trouble is { } trouble ? Note("bad", Html.Of($"<p>{trouble}</p>")) : Html.None)}
            {(now.Signed is { } grant
                ? Html.Of($"<p>Grant <code>{grant.Id}</code> holds until {grant.Until}, and is asked for anew every half minute.</p>")
                : Note("warn", Html.Of($"<p>There is no grant that holds, so nothing is asked of any device.</p><p>{now.GrantNews}</p>")))}
            <table class="consents"><thead><tr><th scope="col">Field group</th><th scope="col">The customer's grant</th><th scope="col">At this site</th><th scope="col">So it is</th></tr></thead>
            <tbody>{Html.Each(Grant.Groups, group => Row(group, now, asking))}</tbody></table>
            <p class="quiet">Never asked, whatever is consented to: documents, jobs, users, console text. This agent asks nothing of {string.Join(" and ", ConsentWords.FieldGroups.Except(Grant.Groups.Select(Grant.WordOf)))}. What was read before a group was switched off, under the grant of that time, is still sent{Html.If(now.Tally.Kept > 0, $": {now.Tally.Kept} events wait now")}.
            <a href="/consents/all-sites">Consents for all sites</a> are given and taken back by the customer at Fleet, or here; what is not consented to cannot be opened by a switch. Where two agents share a site, each has its own switches.</p>
            """));
    }

    public static Answer Switch(AgentView agent, Asking asking)
    {
        var group = Grant.GroupOf(asking.Field("group"));
        if (group == FieldGroups.None || asking.Field("turn") is not ("on" or "off")) return Show(agent, asking) with { Status = 400 };
        agent.Orders.Switch(group, asking.Field("turn") == "off");
        return Answer.See("/consents");
    }

    private static Html Row(FieldGroups group, AgentNow now, Asking asking)
    {
        var word = Grant.WordOf(group);
        var consented = now.Signed is { } grant && grant.Allowed.HasFlag(group);
        var withheld = now.Withheld.List.FirstOrDefault(each => each.Group == word);
        var turn = withheld is null ? "off" : "on";
        return Html.Of($"""
            <tr><th scope="row"><strong id="{word}">{word}</strong><span>{FieldGroupWords.Of(group)}</span></th>
            {Cell("The customer's grant", consented ? Badge("good", "consented") : Badge("off", now.Signed is null ? "no grant" : "not consented"))}
            {Cell("At this site", Html.Of($"{Form(asking, "/consents", Html.Of($"""
                <input type="hidden" name="group" value="{word}"><input type="hidden" name="turn" value="{turn}">
                <button class="switch" role="switch" aria-checked="{(withheld is null ? "true" : "false")}" aria-labelledby="{word}" title="Switch {word} {turn} at this site"><span aria-hidden="true"></span></button>
                """))}<small>{(withheld is { } off ? Html.Of($"off since {off.Since}") : Words("not withheld"))}</small>"))}
            {Cell("So it is", consented && withheld is null ? Badge("good", "asked") : Badge("off", "not asked"))}</tr>
            """);
    }
}
