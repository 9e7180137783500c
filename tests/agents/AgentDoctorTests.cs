using System.Text.Json;
using Fleet.Agent.Commands;
using Fleet.Agent.Configuration;
using Fleet.Agent.Transcribing;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Against a real broker, an issuer and a device; each thing broken on purpose is named, with what to do.</summary>
public class AgentDoctorTests
{
    private TestRabbitMq rabbit = null!;
    private AgentBroker edge = null!;
    private SnmpScriptedDevice printer = null!;
    private Dictionary<string, string> environment = [];

    [OneTimeSetUp]
    public async Task Start() => rabbit = await TestRabbitMq.OpenAsync(SystemClock);

    [OneTimeTearDown]
    public async Task Stop() => await rabbit.DisposeAsync();

    [SetUp]
    public async Task Open()
    {
        environment = [];
        edge = await AgentBroker.OpenAsync(rabbit.Broker);
        printer = SnmpScriptedDevice.Holding(new Dictionary<string, SnmpValue> { ["1.3.6.1.2.1.1.2.0"] = SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.1347.41")) });
    }

    [TearDown]
    public async Task Close()
    {
        printer.Dispose();
        await edge.DisposeAsync();
    }

    [Test]
    public async Task When_all_is_well_every_check_says_so_and_the_device_was_asked_on_the_record()
    {
        var (exit, said) = await ExamineAsync(Config);
        Assert.That((exit, said.Select(line => line.Check).Distinct()), Is.EqualTo((0, (string[])["dns", "api", "time", "token", "grant", "broker", "state", "snmp"])).Using<(int, IEnumerable<string>)>((x, y) => x.Item1 == y.Item1 && x.Item2.SequenceEqual(y.Item2)), string.Join('\n', said));
        Assert.That(said[^1].What, Is.EqualTo("1 of 1 devices answer"));
        Assert.That(new TellTranscript().Of(Path.Combine(edge.Directory, Transcript.FolderName)).Last(), Does.Contain($"asked {printer.EndPoint} under grant 1-x: 1.3.6.1.2.1.1.2.0"));
    }

    [Test]
    public async Task Each_thing_that_is_broken_is_named_and_has_a_fix()
    {
        var other = DevCertificates.Open(Directory.CreateDirectory(Path.Combine(edge.Directory, "other")).FullName, SystemClock);
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { Host = "nowhere.invalid" } }), Is.EqualTo(new[] { "dns", "broker" }));
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { CaFile = other.CaFile } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { Port = Ports.Free() } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(await FailedAsync(Config with { TokenUrl = $"http://127.0.0.1:{Ports.Free()}/oauth/token" }), Is.EqualTo(new[] { "api", "token" }));
        Assert.That(await FailedAsync(Config with { Targets = [.. Config.Targets!, new("127.0.0.9", Ports.Free())] }), Is.EqualTo(new[] { "snmp" }));

        edge.Issuer.FieldGroups = [];
        var asked = printer.Unread;
        Assert.That(await FailedAsync(Config), Is.EqualTo(new[] { "grant" }));
        Assert.That(printer.Unread, Is.EqualTo(asked), "without a grant the doctor asks no device either");

        await File.WriteAllTextAsync(Config.SecretFile!, "wrong");
        Assert.That(await FailedAsync(Config), Is.EqualTo(new[] { "token" }));
    }

    [Test]
    public async Task A_proxy_is_looked_at_by_itself_for_broker_and_api_and_one_of_the_environment_is_named_and_not_used()
    {
        using var proxy = new ConnectProxy();
        var (exit, said) = await ExamineAsync(Config with { Proxy = proxy.Config });
        Assert.That((exit, said.Count(line => line.Check == "proxy"), said.Single(line => line.Check == "dns").What), Is.EqualTo((0, 2, "127.0.0.1 is 127.0.0.1")), string.Join('\n', said));
        Assert.That(said.First(line => line.Check == "proxy").What, Is.EqualTo($"proxy 127.0.0.1:{proxy.Port} opens the way to localhost:{rabbit.Broker.AmqpsPort}"));

        proxy.Says = ConnectProxy.Answer("HTTP/1.1 403 Only 443\r\n\r\n");
        Assert.That(await FailedAsync(Config with { Proxy = proxy.Config with { Except = ["127.0.0.1"] } }), Is.EqualTo(new[] { "proxy", "broker" }));

        environment["HTTPS_PROXY"] = $"http://127.0.0.1:{Ports.Free()}";
        (exit, said) = await ExamineAsync(Config);
        Assert.That(exit, Is.Zero, string.Join('\n', said));
        Assert.That(said.Single(line => line.Check == "proxy").What, Does.StartWith("none; HTTPS_PROXY is set in this environment and not used"));
    }

    [Test]
    public async Task Beside_a_running_agent_no_device_is_asked()
    {
        using var running = AgentSamples.Open(edge.Directory);
        var (exit, said) = await ExamineAsync(Config);
        Assert.That((exit, printer.Unread), Is.EqualTo((0, 0)));
        Assert.That(said[^1].What, Does.Contain("is the agent running?"));
    }

    private AgentConfig Config => edge.Config with { Targets = [new(printer.EndPoint.Address.ToString(), printer.EndPoint.Port)] };

    private async Task<IEnumerable<string>> FailedAsync(AgentConfig config)
    {
        var (exit, said) = await ExamineAsync(config);
        Assert.That((exit, said.Where(line => line.Fix is not null).All(line => line.Fix!.Length > 10)), Is.EqualTo((1, true)), string.Join('\n', said));
        return said.Where(line => line.Fix is not null).Select(line => line.Check);
    }

    private async Task<(int Exit, IReadOnlyList<Fleet.Agent.Diagnosing.Finding> Said)> ExamineAsync(AgentConfig config)
    {
        var file = Path.Combine(edge.Directory, "config.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(config, JsonSerializerOptions.Web));
        var output = new StringWriter();
        var exit = await DoctorCommand.Build(Around(TestContext.Out), output, environment.GetValueOrDefault).Parse(["--config", file, "--json"]).InvokeAsync();
        return (exit, JsonSerializer.Deserialize<List<Fleet.Agent.Diagnosing.Finding>>(output.ToString(), JsonSerializerOptions.Web)!);
    }
}
