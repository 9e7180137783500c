namespace Fleet.Cli.Local;

/// <summary>The one exception of the command line: a single line saying what failed, where, and what to do about it.</summary>
public sealed class FleetException(string what, string where, string todo, Exception? inner = null)
    : Exception(OneLine($"{what} ({where}): {todo}"), inner)
{
    public static FleetException From(string what, string where, Exception cause) => cause switch
    {
        FleetException known => known,
        IOException full when full.HResult == NoSpaceLeft => new("Disk full", where, "free some space and start again", full),
        UnauthorizedAccessException denied => new("No rights", where, "run as a user who may write there, or choose another --state", denied),
        _ => new(what, where, cause.Message, cause)
    };

    private const int NoSpaceLeft = 28; // ENOSPC, which .NET hands through as the HResult on Linux

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
