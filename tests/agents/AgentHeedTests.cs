using Fleet.Agent.Granting;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What a word of a changed consent does to the grant an agent holds.</summary>
public class AgentHeedTests : AgentGrantKeeper
{
    private KeepGrant keeper = null!;

    [SetUp]
    public async Task Grant()
    {
        Api.FieldGroups = ["identity", "counters", "network-address"];
        keeper = Keeper();
        await keeper.RenewAsync(CancellationToken.None);
    }

    [Test]
    public void What_is_withdrawn_is_asked_no_longer_from_this_moment_on_and_visits_under_way_end()
    {
        var before = keeper.Now!;
        keeper.Heed(Notice(2, "identity", "counters"));
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters));
        Assert.That((before.IsOvertaken, keeper.Now.IsOvertaken), Is.EqualTo((true, false)));
        Assert.That(Log, Does.Contain("the customer has withdrawn a consent: devices may be asked for identity, counters"));

        keeper.Heed(Notice(3));
        Assert.That(keeper.Now, Is.Null, "nothing at all");
    }

    [Test]
    public void It_can_only_take_away()
    {
        var before = keeper.Now!;
        keeper.Heed(Notice(2, "identity", "counters", "network-address", "location", "supplies"));
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(before.Allowed), "what is given comes signed");
        Assert.That(before.IsOvertaken, Is.False);
    }

    [Test]
    public void What_is_older_than_the_grant_or_of_another_tenant_changes_nothing()
    {
        keeper.Heed(Notice(1));
        keeper.Heed(Notice(2) with { TenantId = "globex" });
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters | FieldGroups.NetworkAddress));

        keeper.Heed(Notice(3, "identity"));
        keeper.Heed(Notice(2, "identity", "counters"));
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity), "they may come in any order");
    }

    [Test]
    public async Task A_grant_that_was_on_its_way_gives_nothing_back()
    {
        keeper.Heed(Notice(2, "identity"));
        await keeper.RenewAsync(CancellationToken.None);        // still of version 1
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity));

        (Api.ConsentVersion, Api.FieldGroups) = (3, ["identity", "counters"]);
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(keeper.Now!.Allowed, Is.EqualTo(FieldGroups.Identity | FieldGroups.Counters), "the twin: one that knows of it");
    }

    [Test]
    public async Task A_restart_without_the_service_does_not_go_back_behind_it()
    {
        Assert.That(await RestartedAsync(), Is.Not.Null, "the twin");
        keeper.Heed(Notice(2, "identity"));
        await keeper.RenewAsync(CancellationToken.None);        // still of version 1: not to be kept either
        Assert.That(await RestartedAsync(), Is.Null);
    }

    [Test]
    public async Task A_newer_grant_that_opens_less_ends_the_visits_under_way_too()
    {
        var before = keeper.Now!;
        (Api.ConsentVersion, Api.FieldGroups) = (2, ["identity"]);
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(before.IsOvertaken, Is.True);

        var narrow = keeper.Now!;
        Api.FieldGroups = ["identity", "counters"];
        await keeper.RenewAsync(CancellationToken.None);
        Assert.That(narrow.IsOvertaken, Is.False, "one that opens more does not");
    }

    [Test]
    public async Task The_grant_is_asked_for_anew_at_once_and_not_half_a_minute_later()
    {
        using var stop = new CancellationTokenSource();
        var running = keeper.RunAsync(stop.Token);
        (Api.ConsentVersion, Api.FieldGroups) = (2, ["identity", "supplies"]);
        var before = SystemClock.GetTimestamp();
        keeper.Heed(Notice(2, "identity", "supplies"));
        await Eventually(() => keeper.Now?.Allowed == (FieldGroups.Identity | FieldGroups.Supplies), "what was given anew");
        Assert.That(SystemClock.GetElapsedTime(before), Is.LessThan(KeepGrant.Every / 2));
        await stop.CancelAsync();
        await running;
    }

    private static ConsentNotice Notice(long version, params string[] groups) => new("acme", version, groups);

    private async Task<Grant?> RestartedAsync()
    {
        var after = Keeper();
        await after.LoadAsync(CancellationToken.None);
        return after.Now;
    }
}
