using System.Net;
using Fleet.Snmp;

namespace Fleet.Agent.Transcribing;

// SnmpClient: about to ask -> noted per device -> each second: one line for all devices that were asked the same

/// <summary>Notes what leaves for which device, and writes it down each second. What cannot be written down is not asked: see <see cref="Trouble"/>.</summary>
/// <param name="grantId">The grant of this moment.</param>
public sealed class RecordAsked(Transcript transcript, Func<string?> grantId, TimeProvider clock, AgentLog log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock noting = new();
    private Dictionary<(IPEndPoint Device, string? Grant), SortedSet<Oid>> noted = [];

    /// <summary>Why the transcript cannot be written; null while it can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Called before the first packet of an operation leaves.</summary>
    public void Note(IPEndPoint device, SnmpPdu asked)
    {
        var grant = grantId();
        lock (noting) Add((device, grant), asked.VarBinds.Select(one => one.Name));
    }

    /// <summary>Until stopped; then what is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, clock, stop);
                Write();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public void Write()
    {
        Dictionary<(IPEndPoint Device, string? Grant), SortedSet<Oid>> taken;
        lock (noting) (taken, noted) = (noted, []);
        try
        {
            foreach (var same in taken.GroupBy(one => (one.Key.Grant, Oids: string.Join('\n', one.Value))).ToList())
            {
                transcript.Asked(same.Key.Oids.Split('\n'), [.. same.Select(one => one.Key.Device.ToString()).Order(StringComparer.Ordinal)], same.Key.Grant);
                foreach (var (written, _) in same.ToList()) taken.Remove(written);
            }
            if (Trouble is not null) log.Info("the transcript can be written again");
            Trouble = null;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            if (Trouble is null) log.Error($"the transcript cannot be written: {full.Message}; nothing is asked or sent until it can");
            Trouble = full.Message;
            lock (noting)
                foreach (var (left, oids) in taken) Add(left, oids);
        }
    }

    private void Add((IPEndPoint, string?) asked, IEnumerable<Oid> oids)
    {
        if (!noted.TryGetValue(asked, out var known)) noted[asked] = known = [];
        known.UnionWith(oids);
    }
}
