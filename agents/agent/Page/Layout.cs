using System.Globalization;

namespace Fleet.Agent.Page;

/// <summary>What is around every page, and the few pieces several of them share.</summary>
internal static class Layout
{
    public const string TokenField = "form-token";

    private static readonly (string Path, string Name)[] Pages = [("/", "State"), ("/devices", "Devices"), ("/sent", "Sent"), ("/asked", "Asked"), ("/consents", "Consents"), ("/ranges", "Ranges")];

    public static Answer Shown(AgentView agent, Asking asking, string path, string title, Html content, int status = 200) => Answer.Of(
        Frame(title, Html.Of($"<strong>{agent.Config.AgentId}</strong><span>Fleet edge agent · {agent.Config.Tenant} / {agent.Config.Site}</span>"), Html.Of($"""
            <nav aria-label="Pages"><ul>{Html.Each(Pages, page => Html.Of($"<li><a href=\"{page.Path}\"{Html.If(page.Path == path, $" aria-current=\"page\"")}>{page.Name}</a></li>"))}</ul></nav>
            """), content, Form(asking, "/sign-out", Html.Of($"<button class=\"plain\">Sign out</button>"))), status);

    /// <summary>For who is not signed in: neither a page nor whose agent it is.</summary>
    public static Html Bare(string title, Html content) => Frame(title, Html.Of($"<strong>Fleet edge agent</strong>"), Html.None, content, Html.None);

    /// <summary>A form that is sent to its own page, with the token that says so.</summary>
    public static Html Form(Asking asking, string action, Html fields, string style = "") => Html.Of($"""
        <form method="post" action="{action}" class="{style}"><input type="hidden" name="{TokenField}" value="{asking.FormToken}">{fields}</form>
        """);

    /// <summary>A cell that carries its heading along, for screens too narrow for a table.</summary>
    public static Html Cell(string heading, Html content, string style = "") => Html.Of($"<td data-th=\"{heading}\" class=\"{style}\"><div>{content}</div></td>");

    /// <summary>A number that names something: without separators.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static Html Words(string? words) => Html.Of($"{words}");

    /// <summary>good, warn, bad or off; said in words too, colour alone says nothing.</summary>
    public static Html Badge(string kind, string words) => Html.Of($"<span class=\"badge {kind}\">{words}</span>");

    public static Html Note(string kind, Html content) => Html.Of($"<div class=\"note {kind}\" role=\"{(kind == "bad" ? "alert" : "note")}\">{content}</div>");

    private static Html Frame(string title, Html who, Html navigation, Html content, Html foot) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} · Fleet edge agent</title>
        <link rel="stylesheet" href="/style.css">
        </head>
        <body>
        <a class="skip" href="#content">To the content</a>
        <header><div class="who"><span class="mark" aria-hidden="true"></span><div>{who}</div></div>{navigation}</header>
        <main id="content">{content}</main>
        <footer><span>This page is shown on this machine only, and works without the internet. Times are UTC.</span>{foot}</footer>
        </body>
        </html>
        """);
}
