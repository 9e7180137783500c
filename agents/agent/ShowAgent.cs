using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Granting;
using Fleet.Agent.Page;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;

namespace Fleet.Agent;

// AskSite, KeepGrant, SiteTurn, PublishSpool, Spool -> AgentView -> local page

/// <summary>What the local page is shown, and what it may have done. The parts do not know that anybody looks.</summary>
internal static class ShowAgent
{
    public static AgentView Of(AgentConfig config, Spool spool, AskSite site, KeepGrant grants, SiteTurn turn, PublishSpool publisher, DateTimeOffset started, TimeProvider clock) => new(
        config,
        spool.Key.Id,
        spool.Key.HasSigned,
        () => Now(config, spool, site, grants, turn, publisher, started, clock.GetUtcNow()),
        () => Devices(site),
        new((group, off) => site.Switch(group, off), site.Ranges.Set, site.Ranges.Forget, site.Discover.SweepNow));

    private static AgentNow Now(AgentConfig config, Spool spool, AskSite site, KeepGrant grants, SiteTurn turn, PublishSpool publisher, DateTimeOffset started, DateTimeOffset now) => new(
        now,
        now - started,
        turn.HeldBy,
        grants.Signed,
        grants.News,
        new(grants.Withhold!.List, grants.Withhold.Groups, grants.Withhold.Trouble),
        new(string.Create(CultureInfo.InvariantCulture, $"{config.Broker.Host}:{config.Broker.Port}"), publisher.IsConnected, publisher.Trouble?.Line, publisher.LastTrouble),
        spool.Tally,
        spool.Chain,
        site.Devices,
        new(site.Discovery, site.Discover.Known.At, site.Discover.IsSweeping),
        new(site.Ranges.Now.Ranges, site.Ranges.IsOwn, config.Ranges ?? [], [.. (config.Credentials ?? new Dictionary<string, CredentialConfig>()).Keys.Order(StringComparer.Ordinal)], config.Targets ?? [], site.Ranges.Trouble),
        site.Transcribed,
        site.TranscriptTrouble);

    private static List<DeviceNow> Devices(AskSite site)
    {
        var known = site.Discover.Known.Printers.ToLookup(printer => printer.Target);
        return
        [
            .. from one in site.Followed
               let found = known[one.Target.Name].FirstOrDefault()
               select new DeviceNow(one.Target.Name, one.Target.Address, found?.Label, found?.MissingSince, one.Pulse.Answered, one.Pulse.Misses > 0)
        ];
    }
}
