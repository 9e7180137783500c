using System.Globalization;
using Fleet.Agent.Transcribing;
using static Fleet.Agent.Page.Layout;

namespace Fleet.Agent.Page;

/// <summary>Times of a search and the way from one page of a transcript to the next.</summary>
internal static class SearchForm
{
    public const int AtOnce = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static BrowseTranscript Browse(AgentView agent, Asking asking) =>
        new(agent.Transcript, long.TryParse(asking["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : long.MaxValue, AtOnce, Time(asking["from"]), Time(asking["to"]), Patience);

    public static Html Times(Asking asking) => Html.Of($"""
        <p><label for="from">From</label><input id="from" type="datetime-local" name="from" value="{asking["from"]}"></p><p><label for="to">Before</label><input id="to" type="datetime-local" name="to" value="{asking["to"]}"></p>
        """);

    public static Html Older<T>(Asking asking, Browsed<T> found) => Html.Of($"""
        <nav class="pager" aria-label="Older entries">{Html.If(asking["before"].Length > 0, $"<a href=\"{asking.With("before", "")}\">Newest</a>")}
        <span>{(found.BackTo is { } back ? Html.Of($"searched back to {back}") : Words(""))}{Html.If(found.Older is null, $": all there is")}</span>
        {Html.If(found.Older is not null, $"<a href=\"{asking.With("before", (found.Older ?? 0).ToString(CultureInfo.InvariantCulture))}\" rel=\"next\">{(found.Lines.Count < AtOnce ? "Search further back" : "Older")}</a>")}</nav>
        """);

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
