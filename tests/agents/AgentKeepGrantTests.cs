using Fleet.Printers;

namespace Fleet.Agents.Tests;

public class AgentKeepGrantTests : AgentGrantKeeper
{
    [Test]
    public async Task A_newer_grant_replaces_the_older_also_when_it_opens_less()
    {
        var keeper = Keeper();
        Assert.That(keeper.Now, Is.Null, "nothing before the first");
        Api.FieldGroups = ["identity", "counters"];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters));

        Api.FieldGroups = ["identity"];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity));

        Api.FieldGroups = [];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(Log, Does.Contain("devices may be asked for identity, counters").And.Contain("nothing may be asked of any device"));
    }

    [Test]
    public async Task While_the_service_is_away_the_last_one_holds_also_over_a_restart_and_says_so_once()
    {
        await Keeper().RenewAsync(CancellationToken.None);
        Api.Dispose();

        var after = Keeper();
        await after.LoadAsync(CancellationToken.None);
        for (var n = 0; n < 3; n++) await after.RenewAsync(CancellationToken.None);
        Assert.That(after.Now!.Allowed, Is.EqualTo(FieldGroups.All));
        Assert.That(Log.Split("no new grant").Length - 1, Is.EqualTo(1), Log);
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
        Assert.That(Log, Does.Contain("no new grant: 401 invalid_client; nothing may be asked of any device"));
    }

    [Test]
    public async Task While_another_agent_has_the_site_there_is_no_grant_and_none_is_kept()
    {
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);

        Api.HeldBy = "acme-hq-2";
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(File.Exists(Path.Combine(Home, "grant.json")), Is.False, "a restart must not ask either");
        Assert.That(Log, Does.Contain("acme-hq-2 reports from this site, for 3 minutes now: this agent waits"));

        Api.HeldBy = null;
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);
        Assert.That(Log, Does.Contain("acme-hq-2 has fallen silent: this agent reports from the site now"));
    }

    [Test]
    public async Task A_file_that_can_be_neither_written_nor_deleted_is_a_line_and_ends_nothing()
    {
        Directory.CreateDirectory(Path.Combine(Home, "grant.json", "in the way"));
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null);
        Assert.That(Log, Does.Contain("the grant cannot be kept over a restart"));

        Api.HeldBy = "acme-hq-2";
        for (var n = 0; n < 2; n++) await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Null);
        Assert.That(Log, Does.Contain("acme-hq-2 reports from this site"));
        Assert.That(Log.Split("the grant of before cannot be deleted").Length - 1, Is.EqualTo(1), "once");
    }

    [Test]
    public async Task Another_conflict_is_no_word_of_another_agent()
    {
        var keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
        Api.Conflict = """{"type":"https://fleet.example/problems/busy","detail":"Others changed it"}""";
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now, Is.Not.Null, "the last one holds");
        Assert.That(Log, Does.Contain("no new grant: 409 Others changed it"));
    }
}
