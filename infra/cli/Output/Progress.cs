using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>
/// What goes on, one line per part: on a terminal a line that changes in place, elsewhere one plain line per news.
/// Parts run side by side; lines come whole.
/// </summary>
public sealed class Progress(TimeProvider clock)
{
    private readonly Lock _lines = new();
    private readonly long _began = clock.GetTimestamp();

    public void Say(string text)
    {
        lock (_lines)
            AnsiConsole.MarkupLineInterpolated($"[grey]{Elapsed(),6}[/]  {text}");
    }

    public void Done(string text)
    {
        lock (_lines)
            AnsiConsole.MarkupLineInterpolated($"[grey]{Elapsed(),6}[/]  [green]✓[/] {text}");
    }

    /// <summary>A spinner on a terminal while <paramref name="work"/> runs; its news become the spinner's text.</summary>
    public async Task<T> WhileAsync<T>(string title, Func<Action<string>, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            Say(title);
            return await work(Say);
        }

        return await AnsiConsole.Status().Spinner(Spinner.Known.Dots).StartAsync(title.EscapeMarkup(), status =>
            work(news => status.Status(news.EscapeMarkup())));
    }

    private string Elapsed() => $"{clock.GetElapsedTime(_began).TotalSeconds:0.0} s";
}
