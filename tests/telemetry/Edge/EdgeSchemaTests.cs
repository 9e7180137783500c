using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;

namespace Fleet.Telemetry.Tests.Edge;

/// <summary>contracts/schemas holds a JSON Schema (2020-12) per edge event, made from the records and kept equal to them here.</summary>
public class EdgeSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [TestCaseSource(nameof(Types))]
    public void The_schema_in_the_contracts_is_the_one_of_the_code(string type)
    {
        var file = Path.Combine(Contracts.Folder, "schemas", $"{type}.json");
        var schema = SchemaOf(type);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, schema.ToJsonString(Indented) + "\n");
            Assert.Fail($"{file} did not exist and was written; look at it and commit it");
        }

        Assert.That(Golden.Differs(JsonNode.Parse(File.ReadAllText(file))!, schema), Is.Null, $"{type}: delete the file to have it written anew, if the change is additive");
    }

    [TestCaseSource(nameof(Types))]
    public void Every_object_of_a_schema_refuses_strangers(string type)
    {
        var objects = Objects(SchemaOf(type)).Where(o => o.ContainsKey("properties")).ToList();

        Assert.That(objects, Is.Not.Empty);
        Assert.That(objects.Select(o => o["additionalProperties"]?.ToJsonString()), Is.All.EqualTo("false"));
    }

    [Test]
    public void A_record_with_another_member_has_another_schema() =>
        Assert.That(Golden.Differs(Export(typeof(AlertCleared)), Export(typeof(AlertRaised))), Is.Not.Null);

    private static IEnumerable<string> Types => Samples.All.Select(s => s.Type);

    private static JsonObject SchemaOf(string type)
    {
        var data = (JsonObject)Export(Samples.All.Single(s => s.Type == type).Data.GetType());
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"https://fleet.example/schemas/{type}.json",
            ["title"] = $"Data of the CloudEvents type {type}",
        };
        foreach (var (name, value) in data)
            schema[name] = value?.DeepClone();
        return schema;
    }

    private static JsonNode Export(Type data) => EdgeBatch.Json.GetJsonSchemaAsNode(data, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => Objects(m.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Objects),
        _ => [],
    };
}
