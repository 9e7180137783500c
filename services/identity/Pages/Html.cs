using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fleet.Identity.Pages;

/// <summary>Markup. What is put into <c>Html.Of($"…{text}…")</c> is encoded, unless it is markup already: nobody writes his own words onto a page by what he is called.</summary>
public sealed record Html(string Text)
{
    public static readonly Html None = new("");

    public static Html Of(Markup markup) => new(markup.ToString());

    public static Html All(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;
}

/// <summary>The compiler hands over the pieces of <c>$"…"</c> one by one.</summary>
[InterpolatedStringHandler]
public readonly ref struct Markup(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (32 * formattedCount));

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Html? html) => _text.Append(html?.Text);

    public void AppendFormatted(object? text) => _text.Append(WebUtility.HtmlEncode(text?.ToString()));

    public override string ToString() => _text.ToString();
}
