using System.Net;
using System.Threading.Channels;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Agent.Granting;
using Fleet.Agent.Hearing;
using Fleet.Agent.Polling;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent;

// grant -> what may be asked
// ranges -> DiscoverDevices -> targets -> PollDevices -> VisitPrinter (probe, normalise) -> visits
// what is asked -> RecordAsked -> Transcript

/// <summary>The half of the agent that speaks with devices, and with nobody else but for its grant.</summary>
internal sealed class AskSite : IDisposable
{
    private readonly KeepGrant grants;
    private readonly Transcript transcript;
    private readonly RecordAsked record;
    private readonly SnmpClient visiting, sweeping;
    private readonly PollDevices poll;
    private readonly DiscoverDevices discover;
    private readonly HearTraps? traps;

    public AskSite(AgentConfig config, byte[] salt, KeepGrant grants, Transcript transcript, Surroundings around)
    {
        var (clock, log) = (around.Clock, around.Log);
        (this.grants, this.transcript) = (grants, transcript);
        record = new(transcript, () => grants.Now?.Id, clock, log);
        visiting = new(Probe.Asking with { Asked = record.Note }, clock, around.FreshRandom());
        // Its own, so that a sweep keeps no alert waiting.
        sweeping = new(Probe.Asking with { MaxInFlight = SweepRanges.AtOnce, Asked = record.Note }, clock, around.FreshRandom());

        var profiles = ReadProfiles.From(config.ProfilesDir);
        foreach (var note in profiles.Notes) log.Info(note);
        var targets = (config.Targets ?? []).Select(target => Target.Of(target, salt)).ToList();
        poll = new(targets, config.Cadence, new VisitPrinter(new(visiting, profiles), salt, Open, clock, log).AskAsync, clock, log);
        var sweep = new SweepRanges(new(sweeping, profiles), Dns.GetHostAddressesAsync, clock);
        Ranges = KeepRanges.Load(config, log);
        discover = new(config, Ranges, salt, sweep, new(sweeping, profiles), Open, poll.Follow, clock, log);
        traps = config.Traps is { } listen ? new(listen, config.StateDir, around) : null;
        log.Info($"{targets.Count} devices and {Ranges.Now.Ranges.Count} ranges{(Ranges.IsOwn ? ", written at this site over those of the configuration" : "")}");
    }

    public ChannelReader<Visit> Visits => poll.Visits;

    /// <summary>Devices visited at the moment.</summary>
    public int Devices => poll.Count;

    public KeepRanges Ranges { get; }

    public DiscoverDevices Discover => discover;

    public IEnumerable<(Target Target, Pulse Pulse)> Followed => poll.Followed;

    /// <summary>Number of the transcript's last line.</summary>
    public long Transcribed => transcript.Last;

    /// <summary>Why the transcript cannot be written, so that nothing is asked; null while it can.</summary>
    public string? TranscriptTrouble => record.Trouble;

    public DiscoveryHealth? Discovery => discover.Last;

    /// <summary>Takes a field group away from every grant, or gives it back. What was asked until now stands in the transcript before the switch does.</summary>
    /// <returns>As <see cref="Withhold.Switch"/>.</returns>
    public bool Switch(FieldGroups group, bool off) => grants.Withhold!.Switch(group, off, (word, isOff, withheld) =>
    {
        record.Write();
        transcript.Switched(word, isOff, withheld);
    });

    /// <summary>
    /// Until stopped: then the visits under way end, <see cref="Visits"/> ends, and what was asked is written down. A part that ends by a fault of our own
    /// ends the others, too: an agent that no longer asks for its grant must not go on as if nothing were.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await Task.WhenAll(new[] { grants.RunAsync, record.RunAsync, discover.RunAsync, BeginAndPollAsync, HearAsync }.Select(part => PartAsync(part, together)));
        }
        finally
        {
            record.Write();
        }
    }

    private static async Task PartAsync(Func<CancellationToken, Task> part, CancellationTokenSource together)
    {
        try
        {
            await part(together.Token);
        }
        catch
        {
            await together.CancelAsync();
            throw;
        }
    }

    // The first visits shall find a grant.
    private async Task BeginAndPollAsync(CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await grants.LoadAsync(stop);
            await grants.RenewAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // polling ends at once, too
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
        finally
        {
            await poll.RunAsync(failed.Token);      // in any case: it is what ends the visits
        }
    }

    private Task HearAsync(CancellationToken stop) => traps?.RunAsync(poll.LookNow, stop) ?? Task.CompletedTask;

    public void Dispose()
    {
        traps?.Dispose();
        sweeping.Dispose();
        visiting.Dispose();
    }

    // What cannot be written down is not asked.
    private Grant? Open() => record.Trouble is null ? grants.Now : null;
}
