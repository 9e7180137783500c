using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.Contracts.Tests;

/// <summary>
/// The documents hold to OpenAPI 3.1 and AsyncAPI 3.0 (the standards' own JSON schemas), every reference leads somewhere, and every sample is what
/// its schema says.
/// </summary>
public class SpecsTests
{
    private readonly DirectoryInfo _copies = Directory.CreateTempSubdirectory("fleet-contracts-");
    private NodeFolder? _specs;
    private Dictionary<string, string[]> _faults = [];

    // What breaks each copy of contracts/; the first one is left as it is.
    private static readonly Dictionary<string, Action<string>> Copies = new()
    {
        ["as it is"] = _ => { },
        ["OpenAPI without info"] = copy => Change($"{copy}/openapi/fleet.v1.json", document => document.Remove("info")),
        ["AsyncAPI without info"] = copy => Change($"{copy}/asyncapi/fleet.v1.json", document => document.Remove("info")),
        ["a schema gone"] = copy => File.Delete($"{copy}/schemas/licensing.v1.seat-taken.json"),
        ["a schema that wants more"] = copy => Change($"{copy}/schemas/licensing.v1.seat-taken.json", schema => schema["required"]!.AsArray().Add("colour")),
    };

    [OneTimeSetUp]
    public async Task CheckAsync()
    {
        _specs = await NodeFolder.InstallAsync("specs");
        foreach (var (name, change) in Copies)
        {
            Copy(Path.Combine(_copies.FullName, name));
            change(Path.Combine(_copies.FullName, name));
        }
        var answer = await _specs.RunAsync("node", ["check.mjs", .. Copies.Keys.Select(name => Path.Combine(_copies.FullName, name))]);
        _faults = Copies.Keys.Zip(JsonSerializer.Deserialize<string[][]>(answer)!).ToDictionary();
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _specs?.Dispose();
        _copies.Delete(recursive: true);
    }

    [Test]
    public void The_documents_hold_to_their_standards() => Assert.That(_faults["as it is"], Is.Empty);

    [TestCase("OpenAPI without info", "openapi: must have required property 'info'")]
    [TestCase("AsyncAPI without info", "asyncapi: must have required property 'info'")]
    [TestCase("a schema gone", "licensing.v1.seat-taken.json'")]
    [TestCase("a schema that wants more", "must have required property 'colour'")]
    public void A_broken_document_is_seen(string broken, string said) => Assert.That(_faults[broken], Has.Some.Contains(said));

    private static void Copy(string to)
    {
        foreach (var file in Directory.GetFiles(CheckedIn.Folder, "*.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(CheckedIn.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Change(string file, Action<JsonObject> change)
    {
        var document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        change(document);
        File.WriteAllText(file, document.ToJsonString());
    }
}
