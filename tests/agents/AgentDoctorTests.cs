using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Commands;
using Fleet.Agent.Configuration;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Spooling;
using Fleet.Agent.Transcribing;
using Fleet.Cli.Local;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Against a real broker, an issuer and a device; each thing broken on purpose is named, with what to do.</summary>
public class AgentDoctorTests : AgentAtBroker
{
    private SnmpScriptedDevice printer = null!;
    private Dictionary<string, string> environment = [];

    [SetUp]
    public void Prepare()
    {
        environment = [];
        printer = SnmpScriptedDevice.Holding(new Dictionary<string, SnmpValue> { ["1.3.6.1.2.1.1.2.0"] = SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.1347.41")) });
    }

    [TearDown]
    public void PutAway() => printer.Dispose();

    [Test]
    public async Task When_all_is_well_every_check_says_so_and_the_device_was_asked_on_the_record()
    {
        var (exit, said) = await ExamineAsync(Config);
        Assert.That((exit, said.Select(line => line.Check).Distinct()), Is.EqualTo((0, (string[])["dns", "api", "time", "token", "grant", "broker", "state", "snmp"])).Using<(int, IEnumerable<string>)>((x, y) => x.Item1 == y.Item1 && x.Item2.SequenceEqual(y.Item2)), string.Join('\n', said));
        Assert.That(said[^1].What, Is.EqualTo("1 of 1 devices answer"));
        Assert.That(new TellTranscript().Of(Path.Combine(Edge.Directory, Transcript.FolderName)).Last(), Does.Contain($"asked {printer.EndPoint} under grant 1-x: 1.3.6.1.2.1.1.2.0"));
    }

    [Test]
    public async Task Each_thing_that_is_broken_is_named_and_has_a_fix()
    {
        var other = DevCertificates.Open(Directory.CreateDirectory(Path.Combine(Edge.Directory, "other")).FullName, SystemClock);
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { Host = "nowhere.invalid" } }), Is.EqualTo(new[] { "dns", "broker" }));
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { CaFile = other.CaFile } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { Port = Ports.Free() } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(await FailedAsync(Config with { TokenUrl = $"http://127.0.0.1:{Ports.Free()}/oauth/token" }), Is.EqualTo(new[] { "api", "token" }));
        Assert.That(await FailedAsync(Config with { Targets = [.. Config.Targets!, new("127.0.0.9", Ports.Free())] }), Is.EqualTo(new[] { "snmp" }));

        Edge.Issuer.FieldGroups = [];
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
        Assert.That(said.First(line => line.Check == "proxy").What, Is.EqualTo($"proxy 127.0.0.1:{proxy.Port} opens the way to localhost:{Broker.AmqpsPort}"));

        proxy.Says = ConnectProxy.Answer("HTTP/1.1 403 Only 443\r\n\r\n");
        Assert.That(await FailedAsync(Config with { Proxy = proxy.Config with { Except = ["127.0.0.1"] } }), Is.EqualTo(new[] { "proxy", "broker" }));

        environment["HTTPS_PROXY"] = $"http://127.0.0.1:{Ports.Free()}";
        (exit, said) = await ExamineAsync(Config);
        Assert.That(exit, Is.Zero, string.Join('\n', said));
        Assert.That(said.Single(line => line.Check == "proxy").What, Does.StartWith("none; HTTPS_PROXY is set in this environment and not used"));
    }

    [Test]
    public async Task As_data_nothing_but_data_is_said()
    {
        await File.WriteAllTextAsync(Path.Combine(Edge.Directory, "withheld.json"), "nonsense");
        var (_, said) = await ExamineAsync(Config);      // a line of a log in between would be no JSON
        Assert.That(said[^1].What, Does.Contain("switched off at this site"));
    }

    [Test]
    public async Task Without_a_token_the_broker_is_looked_at_as_far_as_one_gets()
    {
        await File.WriteAllTextAsync(Config.SecretFile!, "wrong");
        var (_, said) = await ExamineAsync(Config);
        Assert.That(said.Single(line => line.Check == "tls").What, Does.StartWith($"localhost:{Broker.AmqpsPort} is who it says and speaks AMQP"));
        var other = DevCertificates.Open(Directory.CreateDirectory(Path.Combine(Edge.Directory, "other")).FullName, SystemClock);
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { CaFile = other.CaFile } }), Is.EqualTo(new[] { "token", "tls" }));
        Assert.That(await FailedAsync(Config with { Broker = Config.Broker with { Port = Ports.Free() } }), Is.EqualTo(new[] { "token", "tls" }));
    }

    [Test]
    public async Task Beside_an_agent_that_runs_and_is_enrolled_no_token_is_taken_and_it_says_itself_how_it_is()
    {
        using var spool = Open(Edge.Directory);
        Assert.That(await FailedAsync(Enrolled(spool)), Is.EqualTo(new[] { "state" }), "one that does not say how it is");

        await RunningAsync(spool, async () =>
        {
            var issued = Edge.Issuer.Issued;
            var (exit, said) = await ExamineAsync(Enrolled(spool));
            Assert.That((exit, Edge.Issuer.Issued), Is.EqualTo((0, issued)), string.Join('\n', said));
            Assert.That(said.Select(line => line.Check).Distinct(), Is.EqualTo(new[] { "dns", "api", "time", "enrol", "token", "grant", "broker", "tls", "state", "snmp" }));
            Assert.That(said.Single(line => line.Check == "broker").What, Does.Match("the running agent is connected, last confirm \\d+ s ago"));
            Assert.That(said.Single(line => line.Check == "grant").What, Does.Contain("devices may be asked for identity"));
        });
    }

    [Test]
    public async Task What_is_wrong_with_an_agent_that_runs_is_told_beside_it()
    {
        using var spool = Open(Edge.Directory);
        Edge.Issuer.FieldGroups = [];
        await RunningAsync(spool, async () => Assert.That(await FailedAsync(Enrolled(spool)), Is.EqualTo(new[] { "grant" })));

        await File.WriteAllTextAsync(Config.SecretFile!, "wrong");
        await RunningAsync(spool, async () => Assert.That(await FailedAsync(Enrolled(spool)), Is.EqualTo(new[] { "token", "grant", "broker" })));
    }

    // The doctor's configuration: it has no secret, so it cannot take a token of its own beside the agent, which has.
    private AgentConfig Enrolled(Spool spool)
    {
        new Enrolment(Config.ApiUrl, "acme", "hq", "acme-hq", spool.Key.Id, "r0", Noon).Write(Edge.Directory);
        return Config with { ClientId = null, SecretFile = null };
    }

    // A whole agent, as soon as it has sent something or knows why it cannot.
    private async Task RunningAsync(Spool spool, Func<Task> look)
    {
        using var stop = new CancellationTokenSource();
        var running = AgentRun.RunAsync(Config with { Page = new(0) }, spool, Around(TestContext.Out), stop.Token);
        await Eventually(() => AskVitals.OfAsync(Edge.Directory, CancellationToken.None).Result is { Grant.News: not null, Link: { ConfirmedAt: not null } or { Trouble: not null } }, "the agent to have said how it is");
        await look();
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private AgentConfig Config => Edge.Config with { Targets = [new(printer.EndPoint.Address.ToString(), printer.EndPoint.Port)] };

    private async Task<IEnumerable<string>> FailedAsync(AgentConfig config)
    {
        var (exit, said) = await ExamineAsync(config);
        Assert.That((exit, said.Where(line => line.Fix is not null).All(line => line.Fix!.Length > 10)), Is.EqualTo((1, true)), string.Join('\n', said));
        return said.Where(line => line.Fix is not null).Select(line => line.Check);
    }

    private async Task<(int Exit, IReadOnlyList<Finding> Said)> ExamineAsync(AgentConfig config)
    {
        var file = Path.Combine(Edge.Directory, "config.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(config, JsonSerializerOptions.Web));
        var output = new StringWriter();
        var exit = await DoctorCommand.Build(Around(output), output, environment.GetValueOrDefault).Parse(["--config", file, "--json"]).InvokeAsync();
        return (exit, JsonSerializer.Deserialize<List<Finding>>(output.ToString(), JsonSerializerOptions.Web)!);
    }
}
