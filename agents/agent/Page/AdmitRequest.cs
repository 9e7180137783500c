namespace Fleet.Agent.Page;

// request -> Host, method, origin, session, form token, in this order -> let in, or refused with a reason. Pure.

/// <summary>What of a request decides whether it is let in.</summary>
/// <param name="Host">The header as sent.</param>
/// <param name="FetchSite">Sec-Fetch-Site, where the browser sends it.</param>
/// <param name="IsSignedIn">It shows the cookie of an open session.</param>
/// <param name="IsFormOurs">Its form token is the session's.</param>
internal sealed record Knock(string Method, string Path, string? Host, string? Origin, string? FetchSite, bool IsSignedIn, bool IsFormOurs);

internal sealed record Refusal(int Status, string Why);

/// <summary>
/// Loopback keeps out other machines, not other users of this one, nor the web pages its browsers show: those may send requests here (and, by rebinding a name, read the answers) unless each
/// request proves where it comes from and who is behind it.
/// </summary>
internal static class AdmitRequest
{
    /// <summary>All that is shown without a session.</summary>
    public static bool IsOpen(string path) => path is "/sign-in" or "/style.css";

    /// <returns>Null when it is let in.</returns>
    public static Refusal? Decide(Knock knock, int port)
    {
        if (knock.Host != $"127.0.0.1:{port}" && knock.Host != $"localhost:{port}") return new(421, "This page answers to its own loopback address only.");
        if (knock.Method is not ("GET" or "HEAD" or "POST")) return new(405, "Pages are read and forms are sent; there is nothing else here.");
        var isPost = knock.Method == "POST";
        if (isPost && !IsFromHere(knock)) return new(403, "This was sent by another page than this one, so nothing was done.");
        if (IsOpen(knock.Path)) return null;
        if (!knock.IsSignedIn) return new(401, "Nobody is signed in.");
        if (isPost && !knock.IsFormOurs) return new(403, "This form is not of this session, so nothing was done. Open the page again.");
        return null;
    }

    // Browsers send Origin with every POST; those that send Sec-Fetch-Site cannot be made to lie in it. Who sends neither is no browser, and none of ours.
    private static bool IsFromHere(Knock knock) =>
        (knock.Origin, knock.FetchSite) is not (null, null) && (knock.Origin is null || knock.Origin == $"http://{knock.Host}") && (knock.FetchSite is null or "same-origin");
}
