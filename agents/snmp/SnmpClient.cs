using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Fleet.Snmp;

/// <summary>
/// Asks devices over SNMP (RFC 3416, RFC 3417): one socket per address family, any number of callers. Silence, refusals and nonsense
/// are outcomes, not exceptions; only cancellation throws.
/// </summary>
public sealed class SnmpClient : IDisposable
{
    private readonly ConcurrentDictionary<AddressFamily, Lazy<SnmpSocket>> sockets = new();
    private readonly SnmpClientOptions options;
    private readonly DeviceWindows windows;
    private readonly SemaphoreSlim inFlight;     // never disposed: who still waits for it must be let through to be told
    private readonly TimeProvider clock;
    private readonly Random random;

    /// <param name="random">The client's own: request ids and jitter come from it under a lock nobody else takes.</param>
    public SnmpClient(SnmpClientOptions options, TimeProvider clock, Random random)
    {
        (this.options, this.clock, this.random) = (options, clock, random);
        (windows, inFlight) = (new(options.Window), new(options.MaxInFlight));
    }

    /// <summary>Reads objects by their full names; the reply holds every name asked, in that order.</summary>
    public async Task<SnmpReply> GetAsync(SnmpTarget target, IReadOnlyList<Oid> names, CancellationToken cancel = default)
    {
        var plan = new GetPlan(names, options.VarBindsPerGet);
        while (plan.Next() is { } asked)
        {
            var (outcome, answer) = await AskAsync(target, PduType.Get, 0, 0, asked, cancel);
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
            var (outcome, answer) = await AskAsync(target, type, 0, type is PduType.GetBulk ? walk.Repetitions : 0, asked, cancel);
            if (answer is not null) walk.Take(answer);
            else if (outcome is not SnmpOutcome.TimedOut || !walk.Shrink()) return walk.Table(outcome);
            if (clock.GetElapsedTime(began) > (options.WalkWithin ?? TimeSpan.FromMinutes(2))) return walk.Table(SnmpOutcome.LimitReached);
        }
        return walk.Table(SnmpOutcome.Answered);
    }

    private async Task<SnmpReply> OnceAsync(SnmpTarget target, PduType type, int status, int index, IReadOnlyList<Oid> names, CancellationToken cancel)
    {
        var (outcome, answer) = await AskAsync(target, type, status, index, [.. names.Select(VarBind.Asked)], cancel);
        return answer is null ? new(outcome, [])
            : new(answer.ErrorStatus is SnmpErrorStatus.NoError ? outcome : SnmpOutcome.Refused, answer.VarBinds, answer.ErrorStatus);
    }

    private async Task<(SnmpOutcome Outcome, SnmpPdu? Answer)> AskAsync(SnmpTarget target, PduType type, int status, int index, VarBind[] names, CancellationToken cancel)
    {
        await windows.EnterAsync(target.EndPoint, cancel);
        var isIn = false;
        Exchange? exchange = null;
        SnmpSocket? socket = null;
        try
        {
            await inFlight.WaitAsync(cancel);
            isIn = true;
            socket = SocketFor(target.EndPoint.AddressFamily);
            exchange = socket.Open(target);
            var pdu = new SnmpPdu(type, exchange.RequestId, status, index, names);
            exchange.Datagram = Encode(target.Credential, pdu);
            options.Asked?.Invoke(target.EndPoint, pdu);
            SnmpMetrics.Asked.Add(1);
            socket.Send(exchange);
            await using var cancelled = cancel.UnsafeRegister(static (sent, token) => ((Exchange)sent!).TrySetCanceled(token), exchange);
            return await exchange.Task;
        }
        catch (SocketException)
        {
            return (SnmpOutcome.Unreachable, null);     // no such address family on this machine
        }
        finally
        {
            if (exchange is not null) socket!.Close(exchange, SnmpOutcome.Unreachable);
            if (isIn) inFlight.Release();
            windows.Leave(target.EndPoint);
        }
    }

    private static byte[] Encode(SnmpCredential credential, SnmpPdu pdu) => credential switch
    {
        SnmpCredential.Community community => new SnmpMessage(community.Version, community.Name, pdu).Encode(),
        _ => throw new UnreachableException($"No message for {credential.GetType().Name}")
    };

    private static bool IsV1(SnmpTarget target) => target.Credential is SnmpCredential.Community { Version: SnmpVersion.V1 };

    private SnmpSocket SocketFor(AddressFamily family) =>
        sockets.GetOrAdd(family, static (family, client) => new(() => new SnmpSocket(family, client.clock, client.random)), this).Value;

    /// <summary>Ends what is in flight and what waits as <see cref="SnmpOutcome.Unreachable"/>.</summary>
    public void Dispose()
    {
        foreach (var socket in sockets.Values) if (socket.IsValueCreated) socket.Value.Dispose();
    }
}
