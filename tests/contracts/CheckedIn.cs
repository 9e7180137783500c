using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Contracts.Tests;

/// <summary>
/// A document of <c>contracts/</c> that the code makes and the repository keeps. As with <c>Golden</c>, a missing one is written and the
/// test fails, so that what is new is looked at and committed by hand.
/// </summary>
internal static class CheckedIn
{
    private const int Enough = 40;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Folder { get; } = Find();

    public static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, path)))!;

    /// <param name="path">Relative to contracts/: <c>openapi/fleet.v1.json</c>.</param>
    public static void Holds(string path, JsonNode made)
    {
        var (file, text) = (Path.Combine(Folder, path), made.ToJsonString(Indented) + "\n");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            Assert.Fail($"contracts/{path} did not exist and was written; look at it and commit it");
        }
        if (File.ReadAllText(file) != text)
            Assert.Fail(Telling(path, Read(path), made));
    }

    public static string Telling(string path, JsonNode written, JsonNode made)
    {
        var places = Differences.Between(written, made).ToList();
        return $"contracts/{path} is not what the code says:\n"
            + string.Join('\n', places.Take(Enough).DefaultIfEmpty("the same, in another order or with other white space"))
            + (places.Count > Enough ? $"\n… and {places.Count - Enough} more" : "")
            + $"\nOthers build on it: only additions are allowed. If that is what it is, write it anew: rm contracts/{path} && ./fleet test contracts";
    }

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../contracts"));
}
