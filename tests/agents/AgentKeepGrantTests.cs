using Fleet.Agent.Granting;
using Fleet.Agent.Publishing;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Printers;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Against an API on loopback that can go away.</summary>
public class AgentKeepGrantTests : AgentHome
{
    private readonly StringWriter lines = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private AgentTokenIssuer api = null!;
    private Fleet.Agent.Spooling.Spool? spool;

    [SetUp]
    public async Task Start()
    {
        lines.GetStringBuilder().Clear();
        var key = SigningKey.Open(Path.Combine(Home, "signing.pem"));
        api = new(new TestBroker(new Dictionary<string, string>(), 0, "", key.PrivateFile, key.KeyId, "", 0));
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), api.Secret);
    }

    [TearDown]
    public void Stop()
    {
        api.Dispose();
        spool?.Dispose();
        spool = null;
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        http.Dispose();
        lines.Dispose();
    }

    [Test]
    public async Task A_newer_grant_replaces_the_older_also_when_it_opens_less()
    {
        var keeper = Keeper();
        Assert.That(keeper.Now, Is.Null, "nothing before the first");
        api.FieldGroups = ["identity", "counters"];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters));

        api.FieldGroups = ["identity"];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity));

        api.FieldGroups = [];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(lines.ToString(), Does.Contain("devices may be asked for identity, counters").And.Contain("nothing may be asked of any device"));
    }

    [Test]
    public async Task While_the_service_is_away_the_last_one_holds_also_over_a_restart_and_says_so_once()
    {
        await Keeper().RenewAsync(CancellationToken.None);
        api.Dispose();

        var after = Keeper();
        await after.LoadAsync(CancellationToken.None);
        for (var n = 0; n < 3; n++) await after.RenewAsync(CancellationToken.None);
        Assert.That(after.Now!.Allowed, Is.EqualTo(FieldGroups.All));
        Assert.That(lines.ToString().Split("no new grant").Length - 1, Is.EqualTo(1), lines.ToString());
    }

    [Test]
    public async Task A_kept_grant_somebody_changed_opens_nothing()
    {
        await Keeper().RenewAsync(CancellationToken.None);
        var file = Path.Combine(Home, "grant.json");
        var kept = await File.ReadAllTextAsync(file);
        foreach (var changed in new[] { kept.Replace("ey", "eY", StringComparison.Ordinal), "", "{}", "null", "{\"Grant\":null,\"Keys\":null}" })
        {
            await File.WriteAllTextAsync(file, changed);
            var keeper = Keeper();
            await keeper.LoadAsync(CancellationToken.None);
            Assert.That(keeper.Now, Is.Null, changed[..Math.Min(40, changed.Length)]);
        }
    }

    [Test]
    public async Task A_wrong_secret_gives_no_grant_and_says_why()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), "wrong");
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(lines.ToString(), Does.Contain("no new grant: 401 invalid_client; nothing may be asked of any device"));
    }

    [Test]
    public async Task While_another_agent_has_the_site_there_is_no_grant_and_none_is_kept()
    {
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);

        api.HeldBy = "acme-hq-2";
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(File.Exists(Path.Combine(Home, "grant.json")), Is.False, "a restart must not ask either");
        Assert.That(lines.ToString(), Does.Contain("acme-hq-2 reports from this site, for 3 minutes now: this agent waits"));

        api.HeldBy = null;
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);
        Assert.That(lines.ToString(), Does.Contain("acme-hq-2 has fallen silent: this agent reports from the site now"));
    }

    [Test]
    public async Task A_file_that_can_be_neither_written_nor_deleted_is_a_line_and_ends_nothing()
    {
        Directory.CreateDirectory(Path.Combine(Home, "grant.json", "in the way"));
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);
        Assert.That(lines.ToString(), Does.Contain("the grant cannot be kept over a restart"));

        api.HeldBy = "acme-hq-2";
        for (var n = 0; n < 2; n++) await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(lines.ToString(), Does.Contain("acme-hq-2 reports from this site"));
        Assert.That(lines.ToString().Split("the grant of before cannot be deleted").Length - 1, Is.EqualTo(1), "once");
    }

    [Test]
    public async Task Another_conflict_is_no_word_of_another_agent()
    {
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        api.Conflict = """{"type":"https://fleet.example/problems/busy","detail":"Others changed it"}""";
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null, "the last one holds");
        Assert.That(lines.ToString(), Does.Contain("no new grant: 409 Others changed it"));
    }

    private KeepGrant Keeper()
    {
        var config = Config(Home, tokenUrl: api.Url);
        spool ??= Open(Home);
        return new(
            Path.Combine(Home, "grant.json"), new("acme-hq", "acme", "hq"), new(config, http, new TokenSource(config, http, SystemClock, Around().Log)), new(spool, SystemClock, Around(lines).Log),
            () => 0.5, SystemClock, Around(lines).Log);
    }
}
