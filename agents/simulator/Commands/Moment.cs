using System.CommandLine.Parsing;
using System.Globalization;

namespace Fleet.Simulator.Commands;

/// <summary>Times on the command line: <c>2026-10-01</c>, <c>2026-10-01T08:30</c>, with or without an offset; UTC without.</summary>
public static class Moment
{
    public static DateTimeOffset Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return at;
        argument.AddError($"'{text}' is no time; write it as 2026-10-01 or 2026-10-01T08:30Z");
        return default;
    }
}
