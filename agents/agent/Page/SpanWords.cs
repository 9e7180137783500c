using System.Globalization;

namespace Fleet.Agent.Page;

/// <summary>Spans of time and sizes, in plain words.</summary>
internal static class SpanWords
{
    /// <summary>The two largest units of it: <c>3 d 4 h</c>, <c>12 min 5 s</c>.</summary>
    public static string Of(TimeSpan span)
    {
        span = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return span switch
        {
            { TotalDays: >= 1 } => Text($"{(int)span.TotalDays} d {span.Hours} h"),
            { TotalHours: >= 1 } => Text($"{span.Hours} h {span.Minutes} min"),
            { TotalMinutes: >= 1 } => Text($"{span.Minutes} min {span.Seconds} s"),
            _ => Text($"{span.Seconds} s")
        };
    }

    public static string Size(long bytes) => bytes switch
    {
        >= 1 << 20 => Text($"{bytes / 1048576.0:0.0} MiB"),
        >= 1 << 10 => Text($"{bytes / 1024.0:0.0} KiB"),
        _ => Text($"{bytes} bytes")
    };

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
