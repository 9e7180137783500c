using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Granting;
using Fleet.Agent.Page;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;

namespace Fleet.Agent;

// AskSite, KeepGrant, SiteTurn, TokenSource, PublishSpool, Spool -> AgentView -> local page
//                                                                -> Vitals -> doctor

/// <summary>What the local page and a doctor are shown, and what the page may have done. The parts do not know that anybody looks.</summary>
internal sealed record ShowAgent(AgentConfig Config, Spool Spool, AskSite Site, KeepGrant Grants, SiteTurn Turn, TokenSource Tokens, PublishSpool Publisher, AskConsents Consents, DateTimeOffset Started, TimeProvider Clock)
{
    public AgentView View => new(Config, Spool.Key.Id, Spool.Key.HasSigned, Now, Devices, new((group, off) => Site.Switch(group, off), Site.Ranges.Set, Site.Ranges.Forget, Site.Discover.SweepNow, Consents));

    public Vitals Vitals() => new(
        Config.AgentId,
        AgentRun.Version,
        Started,
        Tokens.Held is { } token ? new(token.At, token.ExpiresAt) : null,
        new(Grants.AnsweredAt, Turn.HeldBy, Grants.Now is { } open ? Grant.Words(open.Allowed) : null, Grants.News),
        new(Publisher.IsConnected, Publisher.ConfirmedAt, Publisher.Trouble),
        Spool.Tally,
        new(Site.Devices, [.. Site.Followed.Where(one => one.Pulse.IsSilent).Select(one => one.Target.Address)]));

    private AgentNow Now()
    {
        var now = Clock.GetUtcNow();
        return new(
            now,
            now - Started,
            Turn.HeldBy,
            Grants.Signed,
            Grants.News,
            new(Grants.Withhold!.List, Grants.Withhold.Groups, Grants.Withhold.Trouble),
            new(string.Create(CultureInfo.InvariantCulture, $"{Config.Broker.Host}:{Config.Broker.Port}"), Publisher.IsConnected, Publisher.Trouble?.Line, Publisher.LastTrouble),
            Spool.Tally,
            Spool.Chain,
            Site.Devices,
            new(Site.Discovery, Site.Discover.Known.At, Site.Discover.IsSweeping),
            new(Site.Ranges.Now.Ranges, Site.Ranges.IsOwn, Config.Ranges ?? [], [.. (Config.Credentials ?? new Dictionary<string, CredentialConfig>()).Keys.Order(StringComparer.Ordinal)], Config.Targets ?? [], Site.Ranges.Trouble),
            Site.Transcribed,
            Site.TranscriptTrouble);
    }

    private List<DeviceNow> Devices()
    {
        var known = Site.Discover.Known.Printers.ToLookup(printer => printer.Target);
        return
        [
            .. from one in Site.Followed
               let found = known[one.Target.Name].FirstOrDefault()
               select new DeviceNow(one.Target.Name, one.Target.Address, found?.Label, found?.MissingSince, one.Pulse.Answered, one.Pulse.IsSilent)
        ];
    }
}
