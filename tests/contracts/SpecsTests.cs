using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.Contracts.Tests;

/// <summary>
/// The documents hold to OpenAPI 3.1 and AsyncAPI 3.0 (the standards' own JSON schemas), every reference leads somewhere, and every sample is what
/// its schema says.
/// </summary>
public class SpecsTests
{
    private NodeFolder _specs = null!;

    [OneTimeSetUp]
    public async Task InstallAsync() => _specs = await NodeFolder.InstallAsync("specs");

    [OneTimeTearDown]
    public void Remove() => _specs?.Dispose();

    [Test]
    public async Task The_documents_hold_to_their_standards() => Assert.That((await CheckAsync(CheckedIn.Folder)).Trim(), Is.Empty);

    [TestCase("openapi/fleet.v1.json", "info", "openapi")]
    [TestCase("asyncapi/fleet.v1.json", "info", "asyncapi")]
    [TestCase("schemas/licensing.v1.seat-taken.json", null, "refers to nothing|no such file")]
    public void A_broken_document_is_seen(string path, string? without, string said)
    {
        var copy = Directory.CreateTempSubdirectory("fleet-contracts-");
        try
        {
            foreach (var file in Directory.GetFiles(CheckedIn.Folder, "*.json", SearchOption.AllDirectories))
            {
                var to = Path.Combine(copy.FullName, Path.GetRelativePath(CheckedIn.Folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
            Break(Path.Combine(copy.FullName, path), without);

            Assert.That(async () => await CheckAsync(copy.FullName), Throws.InvalidOperationException.With.Message.Match(said));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private Task<string> CheckAsync(string contracts) => _specs.RunAsync("node", "check.mjs", contracts);

    private static void Break(string file, string? without)
    {
        var document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        File.Delete(file);
        if (without is null)
            return;
        document.Remove(without);
        File.WriteAllText(file, document.ToJsonString());
    }
}
