using Fleet.Agent.Granting;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>
/// The customer's consents, for all its sites: what stands, and giving or taking back by whoever is at this machine. Nothing is ticked beforehand; giving takes a second, ticked confirmation
/// under the text; taking back takes neither.
/// </summary>
internal static class AllSitesPage
{
    public const string Path = "/consents/all-sites";

    private const string Confirm = "agreed";

    private static readonly (string Code, string Name)[] Languages = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("sv", "Svenska")];

    public static async Task<Answer> ShowAsync(AgentView agent, Asking asking) => Page(agent, asking, await agent.Orders.Consents.ShowAsync(LanguageOf(asking["language"]), asking.Gone), null);

    public static async Task<Answer> ChangeAsync(AgentView agent, Asking asking)
    {
        var grants = asking.Field("turn") == "grant";
        var (change, fault) = Read(asking, grants);
        var refused = fault ?? (await agent.Orders.Consents.ChangeAsync(grants, change, asking.Gone)).Trouble;
        return refused is null ? Answer.See(Path) : Page(agent, asking, await agent.Orders.Consents.ShowAsync(LanguageOf(asking.Field("language")), asking.Gone), refused);
    }

    private static (SiteConsentChange Change, string? Fault) Read(Asking asking, bool grants)
    {
        IReadOnlyList<string> Ticked(string kind) => [.. asking.Form[kind].OfType<string>()];
        var change = new SiteConsentChange(Ticked("purpose"), Ticked("feature"), Ticked("field-group"),
            grants ? new(asking.Field("text-version"), asking.Field("language"), asking.Field("text-hash")) : null);
        return (change, (change.Purposes.Count + change.Features.Count + change.FieldGroups.Count, grants, asking.Field(Confirm)) switch
        {
            (0, _, _) => "Nothing is ticked, so nothing was done.",
            (_, true, not "yes") => "Read the text and tick that the customer agrees to it; without that nothing is given.",
            _ => null
        });
    }

    private static string LanguageOf(string asked) => Languages.Any(one => one.Code == asked) ? asked : Languages[0].Code;

    private static Answer Page(AgentView agent, Asking asking, ConsentsSaid said, string? refused) => Shown(agent, asking, "/consents", "Consents for all sites", Html.Of($"""
        <h1>Consents for all sites of {agent.Config.Tenant}</h1>
        <p class="lead">What is given or taken back here counts for every site of <strong>{agent.Config.Tenant}</strong>, within seconds, until it is changed. It is written down as done by someone at the machine of
        agent {agent.Config.AgentId}; no name is asked. What counts at this site alone, at once and without the internet, are <a href="/consents">the switches</a>.</p>
        {(refused is not null ? Note("bad", Html.Of($"<p>{refused}</p>")) : Html.None)}
        {(said.Consents is { } consents ? Forms(asking, consents) : Note("warn", Html.Of($"<p>{said.Trouble}</p><p>The switches of this site work all the same.</p>")))}
        """), refused is null ? 200 : 400);

    private static Html Forms(Asking asking, SiteConsents consents) => Html.Of($"""
        <h2>Take back</h2>
        {(consents.Names.Any(name => name.Stands)
            ? Form(asking, Path, Html.Of($"{Boxes(consents, stands: true)}<p><button name=\"turn\" value=\"withdraw\">Take back what is ticked</button></p>"))
            : Html.Of($"<p class=\"empty\">Nothing is allowed, so there is nothing to take back.</p>"))}
        <h2>Give</h2>
        {(consents.MayGrant ? Give(asking, consents) : Html.Of($"<p class=\"empty\">The customer's administrator has closed this page for giving consents.</p>"))}
        """);

    private static Html Give(Asking asking, SiteConsents consents) => consents.Names.All(name => name.Stands)
        ? Html.Of($"<p class=\"empty\">Everything there is to allow is allowed.</p>")
        : Form(asking, Path, Html.Of($"""
            {Boxes(consents, stands: false)}
            <p>{Html.Each(Languages, one => Html.Of($"<a href=\"{Path}?language={one.Code}\" lang=\"{one.Code}\">{one.Name}</a> "))}</p>
            <blockquote lang="{consents.Text.Language}"><pre class="text">{consents.Text.Text}</pre></blockquote>
            <input type="hidden" name="text-version" value="{consents.Text.Version}"><input type="hidden" name="language" value="{consents.Text.Language}"><input type="hidden" name="text-hash" value="{consents.Text.Hash}">
            <p><label><input type="checkbox" name="{Confirm}" value="yes"> The customer has read this text (version {consents.Text.Version}) and allows what is ticked above.</label></p>
            <p><button name="turn" value="grant">Give what is ticked</button></p>
            """));

    private static Html Boxes(SiteConsents consents, bool stands) => Html.Each(consents.Names.Where(name => name.Stands == stands), name =>
        Html.Of($"<p><label><input type=\"checkbox\" name=\"{name.Kind}\" value=\"{name.Name}\"> <strong>{name.Name}</strong> <small>{KindWords(name.Kind)}</small></label></p>"));

    private static string KindWords(string kind) => kind switch { "purpose" => "what for", "feature" => "what the provider may do", _ => "what may be collected" };
}
