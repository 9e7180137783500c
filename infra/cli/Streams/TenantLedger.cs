using System.Text.Json;
using Fleet.Cli.Consents;

namespace Fleet.Cli.Streams;

/// <summary>One tenant's history as it is read: each event goes to whoever it concerns.</summary>
public sealed class TenantLedger(string tenant, Action<Broken> broken)
{
    private readonly Dictionary<string, AgentChain> _agents = [];
    private readonly WrittenSums _written = new();
    private readonly SignedReadings _readings = new();
    private bool _sealing;

    public long Batches { get; private set; }
    public long Leaves { get; private set; }
    public long Readings => _readings.Matched;
    public long Unsigned { get; private set; }

    public void Add(StoredEvent e)
    {
        try
        {
            foreach (var what in Judge(e).OfType<string>())
                broken(new(tenant, e.Stream, e.Version, e.Position, what));
        }
        catch (Exception unreadable) when (SealedBatch.IsUnreadable(unreadable))
        {
            broken(new(tenant, e.Stream, e.Version, e.Position, $"a {e.Type} that cannot be read: {unreadable.Message}"));
        }
    }

    public void End()
    {
        foreach (var (batch, position) in _written.Unequal())
            broken(new(tenant, "agent/" + batch[..batch.LastIndexOf('/')], null, position, $"what is stored of batch {batch[(batch.LastIndexOf('/') + 1)..]} is not what was written then: something in it was changed, taken out or put in"));
        foreach (var (where, what) in _readings.Alone().OrderBy(one => one.Where.Position))
            broken(new(tenant, where.Stream, where.Version, where.Position, what));
        foreach (var (stream, agent) in _agents)
        {
            foreach (var sequence in agent.Lost())
                broken(new(tenant, stream, null, null, $"batch {sequence} is not there, and nobody noted that it was missing"));
            agent.Dispose();
        }
    }

    private IEnumerable<string?> Judge(StoredEvent e)
    {
        if (e.Stream.StartsWith("agent/", StringComparison.Ordinal))
            return JudgeAgent(e);
        // Before there was evidence nothing was signed, and nothing can be said of it.
        // What is no agent's word came with no batch, unless the gate concluded it from one.
        if (!e.Stream.StartsWith("device/", StringComparison.Ordinal) || (e.Batch is null && (!_sealing || StoredFact.OfNoDevice.Contains(e.Type))))
            return [];
        if (e.Batch is null)
            return [$"a {e.Type} that came with no batch"];
        _written.Add(e);
        return e.Type == "meter_read" ? [_readings.Stored(e)] : [];
    }

    private IReadOnlyList<string?> JudgeAgent(StoredEvent e)
    {
        if (!_agents.TryGetValue(e.Stream, out var agent))
            _agents[e.Stream] = agent = new();
        if (e.Type == "batch_accepted")
            return Accept(e, agent);
        if (e.Batch is not null)
            _written.Add(e);
        switch (e.Type)
        {
            case "agent_key_learned":
                return [agent.Learn(e.Data)];
            case "batch_refused" when Text(e.Data, "reason") is not "sequence-reused" && !e.Data.TryGetProperty("forged", out _) && e.Data.GetProperty("sequence") is { ValueKind: JsonValueKind.Number } sequence:
                return [agent.Follow(sequence.GetInt64(), Text(e.Data, "reason") == "chain" ? null : Text(e.Data, "sha256"), null)];
            case "gap_opened":
                agent.Open(e.Data.GetProperty("from").GetInt64(), e.Data.GetProperty("to").GetInt64());
                return [];
            case "gap_filled":
                agent.Fill(e.Data.GetProperty("sequence").GetInt64());
                return [];
            case "sequence_restarted":
                agent.Restart();
                return [];
            default:
                return [];
        }
    }

    private IReadOnlyList<string?> Accept(StoredEvent e, AgentChain agent)
    {
        var chain = agent.Follow(e.Data.GetProperty("sequence").GetInt64(), Text(e.Data, "sha256")!, Text(e.Data, "previous"));
        if (SealedBatch.Of(e.Stream[(e.Stream.LastIndexOf('/') + 1)..], e.Data) is not { } batch)
        {
            Unsigned++;
            return [chain];
        }
        (_sealing, Batches, Leaves) = (true, Batches + 1, Leaves + batch.Leaves.Count);
        _written.Add(e);
        _written.Expect(e, batch.Written);
        return [chain, agent.Signed(batch), .. batch.Leaves.OfType<byte[]>().Select(leaf => _readings.Signed(leaf, e))];
    }

    private static string? Text(JsonElement data, string member) => data.TryGetProperty(member, out var value) ? value.GetString() : null;
}
