using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;

namespace Fleet.Agent.Proxying;

/// <summary>What stands between the agent and its server, said in one line.</summary>
public sealed class ProxyException(FailureKind kind, string line, Exception? cause = null) : Exception(line, cause)
{
    public FailureKind Kind => kind;
}

/// <summary>The head of a proxy's answer to CONNECT (RFC 9112 §4, §5). Pure.</summary>
/// <param name="Reason">Its reason phrase without what no log should hold.</param>
/// <param name="Wants">Schemes of its <c>Proxy-Authenticate</c> fields.</param>
internal sealed partial record ProxyAnswer(int Status, string Reason, IReadOnlyList<string> Wants)
{
    /// <summary>RFC 9110 §9.3.6: any 2xx has switched to the tunnel, whatever its fields say of a length.</summary>
    public bool IsOpen => Status is >= 200 and < 300;

    /// <summary>RFC 9110 §15.2: another answer follows.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>Where the head ends: behind its first empty line. -1 while it has none. A bare LF is taken for a line's end (RFC 9112 §2.2).</summary>
    public static int EndOf(ReadOnlySpan<byte> read)
    {
        for (var at = read.IndexOf((byte)'\n'); at >= 0 && at < read.Length;)
        {
            var line = read[(at + 1)..];
            if (line.StartsWith("\n"u8)) return at + 2;
            if (line.StartsWith("\r\n"u8)) return at + 3;
            if (line.IndexOf((byte)'\n') is var next and >= 0) at += next + 1;
            else break;
        }
        return -1;
    }

    /// <summary>False as soon as what was read can no longer become an answer in HTTP/1.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> read) => read.Length < 7 ? "HTTP/1."u8.StartsWith(read) : read.StartsWith("HTTP/1."u8);

    /// <summary>Null when it is no head.</summary>
    public static ProxyAnswer? Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (StatusLine().Match(lines[0]) is not { Success: true } line) return null;
        var wants = lines.Skip(1).Select(field => Challenge().Match(field)).Where(field => field.Success).Select(field => field.Groups[1].Value);
        return new(int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture), Printable(line.Groups[2].Value.Trim()), [.. wants.Distinct().Take(8)]);
    }

    /// <summary>Why there is no way through; it is not <see cref="IsOpen"/>.</summary>
    public ProxyException Refusal(ProxyConfig proxy, string target)
    {
        var said = $"{Status} {Reason}".TrimEnd();
        return Status switch
        {
            407 when proxy.User is { } user && (Wants.Count == 0 || Wants.Contains("Basic", StringComparer.OrdinalIgnoreCase)) => new(FailureKind.ProxyLogin, $"{proxy} does not take the password of user {user}: {said}"),
            407 when proxy.User is not null => new(FailureKind.ProxyLogin, $"{proxy} wants a login by {string.Join(" or ", Wants)}; the agent knows Basic only"),
            407 => new(FailureKind.ProxyLogin, $"{proxy} wants a login, and the configuration has none: {said}"),
            500 or (>= 502 and < 600 and not 505) => new(FailureKind.ProxyNoWay, $"{proxy} finds no way to {target}: {said}"),
            _ => new(FailureKind.ProxyForbids, $"{proxy} lets nobody through to {target}: {said}")
        };
    }

    private static string Printable(string text) => new([.. text.Take(80).Select(one => one is >= ' ' and < (char)127 ? one : '?')]);

    [GeneratedRegex("^HTTP/1\\.[0-9] ([1-9][0-9]{2})(?: (.*))?$", RegexOptions.Singleline)]
    private static partial Regex StatusLine();

    [GeneratedRegex("^Proxy-Authenticate:[ \\t]*([A-Za-z0-9_-]{1,32})", RegexOptions.IgnoreCase)]
    private static partial Regex Challenge();
}
