using Fleet.Identity.Pages;
using Fleet.Identity.SignIn;
using Fleet.Identity.Tenants;

namespace Fleet.Identity.Enrolments;

/// <summary>What the page behind a QR code says.</summary>
public static class DeviceWords
{
    /// <param name="typed">Only what has the form of a code is repeated: nobody writes his own words onto this page.</param>
    public static Html Of(string? typed, Html how) => Html.Of($"""
        <main>
        <h1>An agent asks to be let in</h1>
        <div class="code">{Shown(typed)}</div>
        <h2>What approving means</h2>
        <p>The machine that shows this code becomes an agent of one site. It may then report that site's printers in your name, and only those; what it may ask a printer is decided by the consents of that
        customer, not here. It can be ended again at any time.</p>
        <h2>Before you approve</h2>
        <ol>
        <li>Did you, or somebody you can ask, start <code>fleet-agent enrol</code> just now? If the code came by mail, telephone or chat from somebody you do not know, stop.</li>
        <li>Compare the <strong>fingerprint</strong> on the machine's screen with the one you are shown when you approve. If they differ, deny.</li>
        </ol>
        {how}
        </main>
        """);

    public static Html Elsewhere(string origin, string? typed)
    {
        var word = UserCode.Read(typed) is { } code ? UserCode.Shown(code) : null;
        return Html.Of($$"""
            <h2>How to approve</h2>
            <p><a href="{{ReturnTo.SignIn(word is null ? "/device" : $"/device?user_code={word}")}}">Sign in</a> as the customer's administrator, or its provider's administrator or technician. Or with a token of one of them:</p>
            <pre>POST {{origin}}/api/v1/tenants/TENANT/enrolments
            { "userCode": "{{word ?? "CODE"}}", "site": "SITE", "keyId": "FINGERPRINT" }</pre>
            <p>Where Fleet was started with <code>./fleet up</code>:</p>
            <pre>./fleet enrol {{word ?? "CODE"}} --tenant TENANT --site SITE --key FINGERPRINT</pre>
            <footer>A code lives a quarter of an hour. Until you are signed in, this page knows nothing of it: whether it is right is seen when it is approved.</footer>
            """);
    }

    public static Html Ask(string? typed) => Html.Of($"""
        <form method="get" action="/device">
        {SignInPages.Said(typed is null or "" ? null : "That is no code.")}
        <label for="user_code">The code on the machine's screen</label><input id="user_code" name="user_code" autocomplete="off" required autofocus>
        <button>Go on</button></form>
        """);

    public static Html Choose(string code, IReadOnlyList<string> tenants) => tenants.Count == 0 ? Html.Of($"""<p class="said bad">You have no customers an agent could be of.</p>""") : Html.Of($"""
        <form method="get" action="/device"><input type="hidden" name="user_code" value="{code}">
        <label for="tenant">Which customer's agent is it?</label><select id="tenant" name="tenant">{Html.All(tenants.Select(one => Html.Of($"<option>{one}</option>")))}</select>
        <button>Go on</button></form>
        """);

    public static Html Decide(Html hidden, string code, string fingerprint, string tenant, IReadOnlyList<SiteRow> sites) => sites.Count == 0 ? Html.Of($"""<p class="said bad">{tenant} has no site yet; open one first.</p>""") : Html.Of($"""
        <form method="post" action="/device">{hidden}
        <input type="hidden" name="user_code" value="{code}"><input type="hidden" name="tenant" value="{tenant}"><input type="hidden" name="key" value="{fingerprint}">
        <p>Fingerprint: <code>{fingerprint}</code></p>
        <label for="site">Site of {tenant}</label><select id="site" name="site">{Html.All(sites.Select(one => Html.Of($"""<option value="{one.SiteId}">{one.Name}</option>""")))}</select>
        <button name="decision" value="approve">The fingerprints are the same: let it in</button><button class="plain" name="decision" value="deny">Deny</button>
        </form>
        """);

    private static Html Shown(string? typed) =>
        UserCode.Read(typed) is { } code ? Html.Of($"<small>its code</small><strong>{UserCode.Shown(code)}</strong>")
        : typed is null or "" ? Html.Of($"<em>The code stands on the screen of the machine.</em>")
        : Html.Of($"<em>That is no code: it has eight letters, as in BCDF-GHJK.</em>");
}
