using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Fleet.Agent.Page;

/// <summary>
/// A piece of markup. What stands in the holes of its text is text and is escaped, whoever it comes from; only another <see cref="Html"/> goes in as it is. Attributes stand in double quotes.
/// </summary>
internal sealed class Html
{
    public static readonly Html None = new("");

    private readonly string markup;

    private Html(string markup) => this.markup = markup;

    public static Html Of(ref Markup text) => new(text.Written);

    /// <summary>Only where the condition holds.</summary>
    public static Html If(bool condition, ref Markup text) => condition ? new(text.Written) : None;

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> one) => new(string.Concat(items.Select(item => one(item).markup)));

    public override string ToString() => markup;

    /// <summary>An interpolated text on its way to be markup. There is no hole for just any object: each kind says how it is written.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private static readonly HtmlEncoder Escape = HtmlEncoder.Create(UnicodeRanges.All);

        private readonly StringBuilder text;

        public Markup(int literals, int holes) => text = new(literals + (holes * 16));

        public string Written => text.ToString();

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(Html? piece) => text.Append(piece?.markup);

        public void AppendFormatted(string? words) => text.Append(words is null ? "" : Escape.Encode(words));

        public void AppendFormatted(long number) => text.Append(CultureInfo.InvariantCulture, $"{number:#,0}");

        /// <summary>A moment, in UTC; machine-readable beside it.</summary>
        public void AppendFormatted(DateTimeOffset at) => text.Append(CultureInfo.InvariantCulture, $"<time datetime=\"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}</time>");
    }
}
