using System.Runtime.CompilerServices;

namespace Fleet.Telemetry.Tests;

/// <summary>The checked-in documents of the border.</summary>
internal static class Contracts
{
    public static string Folder { get; } = Find();

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../contracts"));
}
