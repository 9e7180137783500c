namespace Fleet.Agent.Page;

/// <summary>A key from <c>fleet-agent page</c>, and a button: opening an address changes nothing, so nothing that looks at addresses beforehand can use the key up.</summary>
internal static class SignInPage
{
    public static Answer Show(string key, int status = 200) => Answer.Of(
        Layout.Bare("Sign in", Html.Of($"""
            <div class="card narrow">
            <h1>Sign in</h1>
            {Html.If(status == 403, $"<div class=\"note bad\" role=\"alert\"><p>This key is not good, or not any more. A key is good once, for five minutes.</p></div>")}
            <form method="post" action="/sign-in">
            {(key.Length > 0
                ? Html.Of($"<input type=\"hidden\" name=\"key\" value=\"{key}\"><p>This shows what the agent asks of your devices and what it has sent, and lets you say no to it.</p>")
                : Html.Of($"<p>On this machine, as the user the agent runs as or as an administrator:</p><pre><code>fleet-agent page --config FILE</code></pre><p><label for=\"key\">The key it prints</label> <input id=\"key\" name=\"key\" autocomplete=\"off\" spellcheck=\"false\" required autofocus></p>"))}
            <p><button class="main"{Html.If(key.Length > 0, $" autofocus")}>Sign in</button></p>
            </form>
            </div>
            """)), status);
}
