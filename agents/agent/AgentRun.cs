using System.Reflection;
using System.Security.Cryptography;
using Fleet.Agent.Configuration;
using Fleet.Agent.Copying;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Events;
using Fleet.Agent.Granting;
using Fleet.Agent.Page;
using Fleet.Agent.Polling;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Agent.Supervising;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent;

// AskSite -> visits -> TakeIn / Intake (changes only, batch) -> Spool -> PublishSpool -> exchange `edge`
// what is sent -> Transcript, copies
// all of it -> ShowAgent -> AgentPage, TellVitals

/// <summary>Everything from outside the agent that it needs to run: the clock and randomness.</summary>
/// <param name="Fill">Fills a buffer with random bytes.</param>
public sealed record Surroundings(TimeProvider Clock, Action<byte[]> Fill, AgentLog Log)
{
    /// <summary>A program's: randomness nobody can guess, and its log on the standard output.</summary>
    public static Surroundings OfProgram(TimeProvider clock) => new(clock, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(Console.Out, clock));

    public byte[] FreshBytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    public Random FreshRandom() => new(BitConverter.ToInt32(FreshBytes(4)));
}

/// <summary>The agent, assembled.</summary>
public static class AgentRun
{
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(15);

    public static string Version { get; } = typeof(AgentRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static Spool OpenSpool(AgentConfig config, Surroundings around) =>
        Spool.Open(config.StateDir, new(config.AgentId, config.Tenant, config.Site), new(config.SpoolMaxBytes, config.SpoolMaxAge ?? TimeSpan.FromDays(90)), around.FreshBytes(32), SiteSecret.Of(config));

    /// <summary>The keeper of this agent's grant; it holds none yet.</summary>
    public static KeepGrant Grants(AgentConfig config, HttpClient http, TokenSource tokens, SiteTurn turn, Surroundings around) => new(
        Path.Combine(config.StateDir, "grant.json"), new(config.AgentId, config.Tenant, config.Site), new(config, http, tokens), turn,
        around.FreshRandom().NextDouble, around.Clock, around.Log, Withhold.Load(config.StateDir, around.Clock, around.Log));

    public static Transcript OpenTranscript(AgentConfig config, Surroundings around) =>
        Transcript.Open(config.StateDir, config.AgentId, new(AllBytes: config.TranscriptMaxBytes), around.Clock);

    /// <summary>Everything it sends is written down first, and copied to the customer's folder once the broker has it.</summary>
    /// <param name="maySend">Asked before anything is; always, when left out.</param>
    /// <param name="control">Hears what the agent is told; it is told nothing, when left out.</param>
    public static PublishSpool Publisher(AgentConfig config, Spool spool, TokenSource tokens, ServerTrust trust, Transcript transcript, Surroundings around, Func<bool>? maySend = null, HearControl? control = null)
    {
        var copies = config.CopyTo is { } folder ? new CopyBatches(folder, around.Clock, around.Log) : null;
        return new(config, spool, tokens, trust, around.Clock, around.Log, transcript.Sent, batch => copies?.Copy(batch), maySend, control);
    }

    /// <summary>Runs until stopped: then finishes the visits under way, writes them, waits a moment for confirms, closes.</summary>
    public static async Task RunAsync(AgentConfig config, Spool spool, Surroundings around, CancellationToken stop)
    {
        var (clock, log) = (around.Clock, around.Log);
        var started = clock.GetUtcNow();
        var trust = ServerTrust.From(config.Broker.CaFile);
        using var http = TokenSource.Http(trust, config.Proxy);
        using var tokens = new TokenSource(config, http, clock, log, spool.Key);
        using var transcript = OpenTranscript(config, around);
        log.Info($"agent {config.AgentId} {Version} of {config.Tenant}/{config.Site}, next batch is {spool.Chain.Sequence + 1}");
        var turn = new SiteTurn(spool, clock, log);
        var grants = Grants(config, http, tokens, turn, around);
        using var site = new AskSite(config, spool.Salt, grants, transcript, around);
        var control = new HearControl(EdgeAccess.ControlQueue(config.Tenant, config.AgentId), grants.Heed, clock, log);
        using var publisher = Publisher(config, spool, tokens, trust, transcript, around, () => turn.MaySend, control);
        using var closing = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var intake = new Intake(config, spool, clock, around.Fill, log);
        var takeIn = new TakeIn(site.Visits, intake, () => Health(spool, site, turn, clock.GetUtcNow() - started), publisher.Wake, clock);

        var shown = new ShowAgent(config, spool, site, grants, turn, tokens, publisher, new AskConsents(config, http, tokens, grants.AskSoon), started, clock);
        await using var page = await AgentPage.OpenAsync(shown.View, around);
        await using var telling = TellVitals.Open(config.StateDir, shown.Vitals, log);
        var giving = GiveBack.RunAsync(clock, closing.Token);
        var publishing = OrEndAllAsync(publisher.RunAsync(untilEmpty: false, closing.Token));
        try
        {
            await Task.WhenAll(site.RunAsync(ending.Token), OrEndAllAsync(takeIn.RunAsync()));
        }
        finally
        {
            await CloseAsync();
        }

        // They end by themselves only by a fault of our own, or where the disk no longer takes what is read: then the agent ends, too, and says so, instead of going on by halves for ever.
        async Task OrEndAllAsync(Task part)
        {
            try
            {
                await part;
            }
            finally
            {
                await ending.CancelAsync();
            }
        }

        async Task CloseAsync()
        {
            log.Info("stopping");
            await closing.CancelAsync();
            await giving;
            if (await Task.WhenAny(publishing, Task.Delay(CloseWithin, clock, CancellationToken.None)) == publishing) await publishing;
            else log.Warn($"the broker has not confirmed within {CloseWithin.TotalSeconds:0} s; what is under way will be sent again");
            var tally = spool.Tally;
            log.Info($"stopped: {tally.Accepted} events accepted = {tally.Sent} sent + {tally.Kept} kept + {tally.Refused} refused");
        }
    }

    private static Fact Health(Spool spool, AskSite site, SiteTurn turn, TimeSpan uptime)
    {
        var tally = spool.Tally;
        return Fact.Of(new AgentHealth(Version, (long)uptime.TotalSeconds, site.Devices, tally.Accepted, tally.Sent, tally.Kept, tally.Refused, site.Discovery, turn.HeldBy));
    }
}
