using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Cli.Compose;
using Fleet.Cli.State;
using Fleet.Cli.Up;
using Fleet.Defaults;
using Fleet.Host;
using Fleet.Testing;

namespace Fleet.Contracts.Tests;

/// <summary>docker-compose.yml and what its preparation writes give each service every setting it asks for.</summary>
public partial class ComposeTests
{
    // A host that is built has opened its keys and read what it cannot be without.
    private static readonly string[] OfEach = ["FLEET_ISSUER"], OfConsent = ["FLEET_CONSENT_KEY"], OfIdentity = ["FLEET_IDENTITY_KEY", "FLEET_IDENTITY_PEOPLE_KEY"];

    // Settings nobody needs to say: each has a value that is right for compose, or nothing happens without it.
    private static readonly string[] LeftOut =
    [
        "FLEET_CLAIM_DAYS",             // 120
        "FLEET_ISSUER_METADATA",        // below the issuer
        "FLEET_PASSWORD_ITERATIONS",    // the most that is sensible
        "FLEET_RABBITMQ_VHOST",         // `fleet`, which the broker's definitions make
        "FLEET_GRPC_URL",               // integration alone listens for gRPC; it is told in docker-compose.yml
        .. HostEnvironment.OfOperator,
    ];

    private static readonly string Root = Path.Combine(CheckedIn.Folder, "..");

    private string _state = null!;

    private static IEnumerable<string> Services => Everything.Modules.Select(module => module.Name);

    [OneTimeSetUp]
    public void Write()
    {
        _state = Directory.CreateTempSubdirectory("fleet-compose-").FullName;
        Setup(_ => null).Write(TestClock.Real);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_state, recursive: true);

    [TestCaseSource(nameof(Services))]
    public async Task A_service_is_built_from_what_is_written_for_it_and_not_when_anything_it_needs_is_missing(string service)
    {
        Assert.That(await FaultAsync(service, Written(service)), Is.Null);

        var name = service.ToUpperInvariant();
        foreach (var needed in (string[])[.. OfEach, $"FLEET_POSTGRES_{name}", $"FLEET_POSTGRES_{name}_READER", $"FLEET_RABBITMQ_{name}", .. service switch { "consent" => OfConsent, "identity" => OfIdentity, _ => [] }])
        {
            var settings = Written(service);
            Assert.That(settings.Remove(needed), Is.True, needed);
            Assert.That(await FaultAsync(service, settings), Does.Contain(needed), $"the twin: {service} without {needed}");
        }
    }

    [Test]
    public void Every_setting_the_code_asks_for_is_given_or_left_out_on_purpose()
    {
        Assert.That(Missing(Asked()), Is.Empty);
        Assert.That(Missing([.. Asked(), ("identity", "FLEET_NOBODY_SAYS")]), Is.EqualTo(new[] { "identity: FLEET_NOBODY_SAYS" }), "the twin");
    }

    [Test]
    public void What_is_left_out_is_asked_for() => Assert.That(LeftOut.Except(Asked().Select(asked => asked.Word)), Is.Empty);

    [Test]
    public void What_the_operator_says_comes_to_each_service()
    {
        var compose = File.ReadAllText(Path.Combine(Root, "docker-compose.yml"));
        foreach (var word in HostEnvironment.OfOperator)
            Assert.That(Regex.IsMatch(compose, $@"^    environment: \[.*\b{word}\b.*\]", RegexOptions.Multiline), Is.True, $"{word} reaches the preparation");

        Setup(word => word == "FLEET_REGION_COUNTRY" ? "AT" : null).Write(TestClock.Real);
        Assert.That(Services.Select(service => (string?)Written(service)["FLEET_REGION_COUNTRY"]), Is.All.EqualTo("AT"));
        Setup(_ => null).Write(TestClock.Real);
        Assert.That(Services.Select(service => (string?)Written(service)["FLEET_REGION_COUNTRY"]), Is.All.Null, "the twin");
    }

    private ComposeSetup Setup(Func<string, string?> said) =>
        new(new StateDirectory(Path.Combine(_state, "state")), Directory.CreateDirectory(Path.Combine(_state, "broker")).FullName, Directory.CreateDirectory(Path.Combine(_state, "database")).FullName, said);

    private JsonObject Written(string service) => JsonNode.Parse(File.ReadAllText(Path.Combine(_state, "state", "settings", $"{service}.json")))!.AsObject();

    private async Task<string?> FaultAsync(string service, JsonObject settings)
    {
        var file = Path.Combine(_state, $"{service}-changed.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        try
        {
            await using var app = FleetHost.Build([$"--FLEET_SETTINGS={file}"], TestClock.Real, Everything.Modules.Single(module => module.Name == service));
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return fault.Message;
        }
    }

    private List<string> Missing(IEnumerable<(string Owner, string Word)> asked) =>
    [
        .. from one in asked
           from service in Services
           where one.Owner == service || one.Owner == "defaults"
           where !LeftOut.Contains(one.Word) && !GivenTo(service).Contains(one.Word)
           select $"{service}: {one.Word}"
    ];

    private HashSet<string> GivenTo(string service) => [.. Written(service).Select(setting => setting.Key), .. Compose(service)];

    // environment: { NAME: value, … } of one service.
    private static IEnumerable<string> Compose(string service) =>
        Words().Matches(Regex.Match(File.ReadAllText(Path.Combine(Root, "docker-compose.yml")), $@"^  {service}:\n(?:    .*\n)*?    environment: \{{ (?<words>.*) \}}", RegexOptions.Multiline).Groups["words"].Value)
            .Select(word => word.Value);

    // Names of settings as they stand in the code, whole; of whom they are asked by the folder.
    private static List<(string Owner, string Word)> Asked() =>
    [
        .. from folder in Services.Select(service => (Owner: service, Path: $"services/{service}")).Append((Owner: "defaults", Path: "infra/defaults"))
           from file in Directory.EnumerateFiles(Path.Combine(Root, folder.Path), "*.cs", SearchOption.AllDirectories)
           where !file.Contains("/obj/", StringComparison.Ordinal)
           from word in Literal().Matches(File.ReadAllText(file)).Select(match => match.Groups["word"].Value)
           group folder by (folder.Owner, word) into once
           select once.Key
    ];

    [GeneratedRegex(@"""(?<word>FLEET_[A-Z_]*[A-Z])""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"FLEET_\w+")]
    private static partial Regex Words();
}
