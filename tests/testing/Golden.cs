using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Defaults;
using MassTransit.Serialization;
using NUnit.Framework;

namespace Fleet.Testing;

/// <summary>
/// JSON that must not move: stored events under <c>tests/{service}/golden/{stored name}.json</c>, public messages under
/// <c>contracts/golden/{exchange name}.json</c>. Read both ways: the file is what we write, and we read from it what we wrote.
/// A missing file is written and the test fails, so that a new one is looked at and committed by hand.
/// </summary>
public static class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An event as the store writes it, against <c>golden/{name}.json</c> beside the test.</summary>
    public static void Stored(string name, object e, [CallerFilePath] string test = "") =>
        Holds("golden", name, e, new JsonSerializerOptions(JsonSerializerDefaults.Web), test); // the default of StoreOptions.Json

    /// <summary>A public message as the bus writes it, against <c>contracts/golden</c>.</summary>
    public static void Public(object message, [CallerFilePath] string test = "") =>
        Holds("../../contracts/golden", BusNames.Of(message.GetType()), message, SystemTextJsonMessageSerializer.Options, test);

    /// <param name="folder">Relative to the test's source file.</param>
    /// <param name="json">How the thing is written in production.</param>
    public static void Holds(string folder, string name, object sample, JsonSerializerOptions json, [CallerFilePath] string test = "")
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, folder, $"{name}.json"));
        var written = JsonSerializer.SerializeToNode(sample, sample.GetType(), json)!;
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, written.ToJsonString(Indented) + "\n");
            Assert.Fail($"{file} did not exist and was written; look at it and commit it");
        }

        var golden = JsonNode.Parse(File.ReadAllText(file))!;
        var differs = Differs(golden, written) ?? Differs(golden, JsonSerializer.SerializeToNode(golden.Deserialize(sample.GetType(), json), sample.GetType(), json)!);
        Assert.That(differs, Is.Null, $"{name} is not what it was; a stored name or public message never changes its meaning");
    }

    /// <summary>Both texts when they differ in anything but white space, else null.</summary>
    public static string? Differs(JsonNode golden, JsonNode written) =>
        JsonNode.DeepEquals(golden, written) ? null : $"golden {golden.ToJsonString()} but now {written.ToJsonString()}";
}
