using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Fleet.Agent.Page;

// HttpContext -> AdmitRequest -> the page of its path -> headers, body

/// <summary>The table of the page's addresses, and the same walls before each of them.</summary>
internal sealed class AnswerRequest(AgentView agent, Sessions sessions, int port, Surroundings around)
{
    // Nothing from elsewhere, no script at all, in nobody's frame. (no-referrer would make browsers send their forms with `Origin: null`.)
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"), ("Cache-Control", "no-store"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin")
    ];

    private static readonly byte[] Style = ReadStyle();

    private readonly string cookieName = string.Create(CultureInfo.InvariantCulture, $"fleet-agent-{port}");       // cookies do not know ports: two agents on one machine

    public async Task RunAsync(HttpContext context)
    {
        foreach (var (name, value) in Headers) context.Response.Headers[name] = value;
        try
        {
            await SendAsync(context, await AnswerAsync(context));
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // whoever asked does not wait any more
        }
        catch (Exception broken)
        {
            around.Log.Error($"local page, {context.Request.Path}: {broken.GetType().Name}: {broken.Message}");
            if (!context.Response.HasStarted) await SendAsync(context, Refused(new(500, "The agent could not make this page. Its log says why.")));
        }
    }

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "/");
        var cookie = request.Cookies[cookieName];
        var isOpen = sessions.IsOpen(cookie);
        // The form is looked at only when all else has let it in.
        var knock = new Knock(request.Method, path, request.Host.Value, Header("Origin"), Header("Sec-Fetch-Site"), isOpen, IsFormOurs: true);
        if (AdmitRequest.Decide(knock, port) is { } refusal) return refusal.Status == 401 ? SignInPage.Show("", 401) : Refused(refusal);
        IFormCollection form = FormCollection.Empty;
        if (request.Method == "POST")
        {
            try
            {
                if (request.HasFormContentType) form = await request.ReadFormAsync(context.RequestAborted);
            }
            catch (Exception wrong) when (wrong is InvalidDataException or BadHttpRequestException)
            {
                return Refused(new(400, "That is no form of this page."));
            }
            var isOurs = isOpen && PageKey.Same(form[Layout.TokenField], sessions.FormToken(cookie!));
            if (AdmitRequest.Decide(knock with { IsFormOurs = isOurs }, port) is { } foreign) return Refused(foreign);
        }
        var asking = new Asking(path, request.Query, form, isOpen ? sessions.FormToken(cookie!) : "", context.RequestAborted);
        return await RouteAsync($"{(request.Method == "POST" ? "POST" : "GET")} {path}", asking, cookie);

        string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    private async Task<Answer> RouteAsync(string route, Asking asking, string? cookie) => route switch
    {
        "GET /style.css" => new(200, "text/css; charset=utf-8", Style),
        "GET /sign-in" => SignInPage.Show(asking["key"]),
        "POST /sign-in" => sessions.SignIn(asking.Field("key").Trim()) is { } fresh ? Answer.See("/") with { Cookie = fresh } : SignInPage.Show("", 403),
        "POST /sign-out" => SignOut(cookie!),
        "GET /" => StatePage.Show(agent, asking),
        "GET /devices" => DevicesPage.Show(agent, asking),
        "GET /device" => DevicePage.Show(agent, asking),
        "GET /sent" => await SentPage.ShowAsync(agent, asking, around.Clock),
        "GET /batch" => BatchPage.Show(agent, asking),
        "GET /batch/body" => BatchPage.Body(agent, asking),
        "GET /asked" => await AskedPage.ShowAsync(agent, asking, around.Clock),
        "GET /consents" => ConsentsPage.Show(agent, asking),
        "POST /consents" => ConsentsPage.Switch(agent, asking),
        "GET /consents/all-sites" => await AllSitesPage.ShowAsync(agent, asking),
        "POST /consents/all-sites" => await AllSitesPage.ChangeAsync(agent, asking),
        "GET /ranges" => RangesPage.Show(agent, asking),
        "POST /ranges" => RangesPage.Change(agent, asking),
        "POST /ranges/forget" => RangesPage.Forget(agent, asking),
        "POST /sweep" => RangesPage.Sweep(agent),
        _ => Refused(new(404, "There is no such page."))
    };

    private Answer SignOut(string cookie)
    {
        sessions.SignOut(cookie);
        return SignInPage.Show("");
    }

    private static Answer Refused(Refusal refusal) => Answer.Of(Layout.Bare("No", Html.Of($"<h1>{refusal.Status.ToString(CultureInfo.InvariantCulture)}</h1><p>{refusal.Why}</p><p><a href=\"/\">To the first page</a></p>")), refusal.Status);

    private async Task SendAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (answer.Location is { } location) response.Headers.Location = location;
        if (answer.FileName is { } file) response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        if (answer.Cookie is { } cookie) response.Cookies.Append(cookieName, cookie, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        if (context.Request.Method != "HEAD") await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static byte[] ReadStyle()
    {
        using var stream = typeof(AnswerRequest).Assembly.GetManifestResourceStream("style.css")!;
        var style = new byte[stream.Length];
        stream.ReadExactly(style);
        return style;
    }
}
