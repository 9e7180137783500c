using System.Text.RegularExpressions;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;

namespace Fleet.Cli.Tests;

public class DefinitionsTests
{
    private static readonly BrokerUser[] Users =
        [BrokerUser.Administrator("password-of-the-administrator"), .. Databases.Services.Select(service => BrokerUser.Service(service, $"password-of-{service}"))];

    [Test]
    public void The_definitions_are_the_ones_reviewed()
    {
        var golden = Path.Combine(TestContext.CurrentContext.TestDirectory, "definitions.golden.json");
        Assert.That(Definitions.Json(Users, _ => 1), Is.EqualTo(File.ReadAllText(golden)), "a changed right is a reviewed change: update tests/cli/definitions.golden.json");
    }

    [Test] // RabbitMQ's own documented example: password "test12", salt 0x908DC60A
    public void A_password_hash_is_the_one_RabbitMQ_documents() =>
        Assert.That(BrokerUser.Hash("test12", 0x908DC60A), Is.EqualTo("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"));

    [Test]
    public void Every_public_message_has_its_exchange_there()
    {
        var golden = Path.Combine(Repository(TestContext.CurrentContext.TestDirectory), "contracts", "golden");
        var messages = Directory.GetFiles(golden, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToList();
        Assert.That(messages, Is.Not.Empty.And.All.Contains(".v"));
        Assert.That(MessageExchanges.All, Is.EqualTo(messages), "a new message is a new line in MessageExchanges; without it its consumers do not start");
    }

    [TestCase("billing-meter-readings", true)]
    [TestCase("billing.v1.invoice-issued", true)]
    [TestCase("billing.v12.invoice-issued", true)]
    [TestCase("audit.v1.access-refused", true)] // the one exchange that is not its own: what it refused to whom
    [TestCase("auditx.v1.access-refused", false)]
    [TestCase("consent.v1.consent-granted", false)]
    [TestCase("consent-billing-facts", false)]
    [TestCase("billingx.v1.invoice-issued", false)]
    [TestCase("edge", false)]
    [TestCase("amq.topic", false)]
    public void A_service_writes_to_its_own_names_only(string resource, bool may) =>
        Assert.That(Regex.IsMatch(resource, Users.Single(user => user.Name == "billing").Write), Is.EqualTo(may));

    [TestCase("billing-meter-readings", true)]
    [TestCase("billing.v1.invoice-issued", true)]
    [TestCase("audit.v1.access-refused", false)]
    [TestCase("consent.v1.consent-changed", false)]
    [TestCase("edge", false)]
    public void A_service_declares_its_own_names_only(string resource, bool may)
    {
        foreach (var right in Users.Where(user => user.Name is "billing" or "telemetry"))
            Assert.That(Regex.IsMatch(resource, right.Configure), Is.EqualTo(may && right.Name == "billing"), right.Name);
    }

    [TestCase("telemetry", "edge", true)]
    [TestCase("billing", "edge", false)]
    [TestCase("telemetry", "edgeways", false)]
    public void Only_telemetry_reads_the_edge(string service, string resource, bool may) =>
        Assert.That(Regex.IsMatch(resource, Users.Single(user => user.Name == service).Read), Is.EqualTo(may));

    private static string Repository(string directory) =>
        File.Exists(Path.Combine(directory, "Fleet.sln")) ? directory : Repository(Path.GetDirectoryName(directory)!);
}
