using System.Text.Json.Nodes;
using Fleet.Contracts.Tests.AsyncApi;
using Fleet.Defaults;
using Fleet.Host;

namespace Fleet.Contracts.Tests;

/// <summary>contracts/asyncapi/fleet.v1.json, and the schemas it refers to, are what the modules' tables and the records say.</summary>
public class AsyncApiTests
{
    private const string Document = "asyncapi/fleet.v1.json";

    [Test]
    public void The_checked_in_document_is_the_one_of_the_code() => CheckedIn.Holds(Document, AsyncApiDocument.Of(Everything.Modules));

    [TestCaseSource(nameof(Messages))]
    public void No_description_sends_the_reader_to_a_file_he_does_not_have(Type message) =>
        Assert.That(MessageSchemas.FileOf(message).ToJsonString(), Does.Not.Contain(".md"));

    [TestCaseSource(nameof(Messages))]
    public void The_schema_of_a_message_is_the_one_of_its_record(Type message) => CheckedIn.Holds(MessageSchemas.PathOf(message), MessageSchemas.FileOf(message));

    [Test]
    public void A_module_that_announces_less_is_seen_and_named()
    {
        var whole = AsyncApiDocument.Of(Everything.Modules);
        var less = AsyncApiDocument.Of([.. Everything.Modules.Select(module => module.Name == "licensing" ? new Module("licensing") : module)]);

        Assert.That(CheckedIn.Telling(Document, whole, less), Does.Contain("channels › licensing.v1.seat-taken: is gone")
            .And.Contain("operations › licensing-announce-seat-taken: is gone").And.Contain("operations › licensing-take-seats-of-readings: is gone"));
    }

    [Test]
    public void A_member_more_is_another_schema()
    {
        var schema = MessageSchemas.FileOf(typeof(Licensing.V1.SeatTaken));
        var more = schema.DeepClone();
        more["properties"]!["colour"] = new JsonObject { ["type"] = "string" };

        Assert.That(Differences.Between(schema, more), Is.EqualTo(new[] { "properties › colour: is new" }));
    }

    [Test]
    public void Whatever_a_service_hears_another_one_announces() =>
        Assert.That(Everything.Modules.SelectMany(m => m.Consumers).Select(c => c.Message).OfType<Type>().Distinct(), Is.SubsetOf(BetweenServices.Messages(Everything.Modules)));

    [Test] // but for the audit trail's: it is read at /api/v1/audit, by each house's administrators alone
    public void Whatever_is_announced_goes_to_integrators_too()
    {
        var heard = Everything.Modules.Single(m => m.Name == "integration").Consumers.Select(c => c.Message);

        Assert.That(BetweenServices.Announced(Everything.Modules).Except([typeof(Audit.V1.AccessRefused)]), Is.SubsetOf(heard));
        Assert.That(heard, Does.Not.Contain(typeof(Audit.V1.AccessRefused)));
    }

    [Test]
    public void What_a_module_refuses_it_keeps_and_all_but_identity_tell_it() => Assert.Multiple(() =>
    {
        foreach (var module in Everything.Modules)
        {
            Assert.That(module.Streams, Does.Contain(AccessRefusals.Stream), module.Name);
            Assert.That(module.Announcements.Contains(AccessRefusals.Announcement), Is.EqualTo(module.Name != "identity"), module.Name);
        }
    });

    private static IReadOnlyList<Type> Messages => BetweenServices.Messages(Everything.Modules);
}
