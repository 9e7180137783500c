namespace Fleet.Snmp;

/// <summary>
/// Asks devices over SNMP v1, v2c and v3 (RFC 3416, RFC 3417, RFC 3412): one socket per address family, any number of callers. Silence, refusals and nonsense
/// are outcomes, not exceptions; only cancellation throws.
/// </summary>
public sealed class SnmpClient : IDisposable
{
    private readonly SnmpClientOptions options;
    private readonly Dispatcher dispatcher;
    private readonly TimeProvider clock;

    /// <param name="random">The client's own: ids, salts and jitter come from it under a lock nobody else takes.</param>
    public SnmpClient(SnmpClientOptions options, TimeProvider clock, Random random) =>
        (this.options, this.clock, dispatcher) = (options, clock, new(options, clock, random));

    /// <summary>Reads objects by their full names; the reply holds every name asked, in that order.</summary>
    public async Task<SnmpReply> GetAsync(SnmpTarget target, IReadOnlyList<Oid> names, CancellationToken cancel = default)
    {
        var plan = new GetPlan(names, options.VarBindsPerGet);
        while (plan.Next() is { } asked)
        {
            var (outcome, answer, _) = await dispatcher.AskAsync(target, new(PduType.Get, 0, 0, 0, asked), cancel);
            if (answer is null) return plan.Reply(outcome);
            plan.Take(answer);
        }
        return plan.Reply(SnmpOutcome.Answered);
    }

    /// <summary>One GetNext as it stands: the answer is the device's own.</summary>
    public Task<SnmpReply> GetNextAsync(SnmpTarget target, IReadOnlyList<Oid> names, CancellationToken cancel = default) =>
        OnceAsync(target, PduType.GetNext, 0, 0, names, cancel);

    /// <summary>One GetBulk as it stands. SNMPv1 has none: <see cref="ArgumentException"/>.</summary>
    public Task<SnmpReply> GetBulkAsync(SnmpTarget target, int nonRepeaters, int maxRepetitions, IReadOnlyList<Oid> names, CancellationToken cancel = default) =>
        IsV1(target)
            ? throw new ArgumentException("SNMPv1 has no GetBulk", nameof(target))
            : OnceAsync(target, PduType.GetBulk, nonRepeaters, maxRepetitions, names, cancel);

    /// <summary>Everything below a root, in order; full names.</summary>
    public async Task<SnmpReply> WalkAsync(SnmpTarget target, Oid root, CancellationToken cancel = default)
    {
        var table = await TableAsync(target, [root], cancel);
        return new(table.Outcome, [.. table.Column(root).Select(cell => new VarBind(root.Append(cell.Key), cell.Value))]);
    }

    /// <summary>Columns, of one table or several, in as few packets as the device allows.</summary>
    public async Task<SnmpTable> TableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, CancellationToken cancel = default)
    {
        var type = IsV1(target) ? PduType.GetNext : PduType.GetBulk;
        var walk = new ColumnWalk(columns, options.VarBindsPerGet, type is PduType.GetBulk ? options.VarBindsPerBulk : 1, options.MaxCells, options.MaxOctets);
        var began = clock.GetTimestamp();
        while (walk.Next() is { } asked)
        {
            var (outcome, answer, _) = await dispatcher.AskAsync(target, new(type, 0, 0, type is PduType.GetBulk ? walk.Repetitions : 0, asked), cancel);
            if (answer is not null) walk.Take(answer);
            else if (outcome is not SnmpOutcome.TimedOut || !walk.Shrink()) return walk.Table(outcome);
            if (clock.GetElapsedTime(began) > (options.WalkWithin ?? TimeSpan.FromMinutes(2))) return walk.Table(SnmpOutcome.LimitReached);
        }
        return walk.Table(SnmpOutcome.Answered);
    }

    private async Task<SnmpReply> OnceAsync(SnmpTarget target, PduType type, int status, int index, IReadOnlyList<Oid> names, CancellationToken cancel)
    {
        var (outcome, answer, _) = await dispatcher.AskAsync(target, new(type, 0, status, index, [.. names.Select(VarBind.Asked)]), cancel);
        return answer is null ? new(outcome, [])
            : new(answer.ErrorStatus is SnmpErrorStatus.NoError ? outcome : SnmpOutcome.Refused, answer.VarBinds, answer.ErrorStatus);
    }

    private static bool IsV1(SnmpTarget target) => target.Credential is SnmpCredential.Community { Version: SnmpVersion.V1 };

    /// <summary>Ends what is in flight and what waits as <see cref="SnmpOutcome.Unreachable"/>.</summary>
    public void Dispose() => dispatcher.Dispose();
}
