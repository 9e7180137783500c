using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;

namespace Fleet.Snmp;

// question -> a place in the device's window and in flight -> (v3: engine known or discovered) -> message -> socket -> answer | (v3: once more after a resync)
/// <summary>Brings questions to devices and answers back (RFC 3411 §3.1.1.1): sockets, windows, and for SNMPv3 the engines they speak to.</summary>
internal sealed class Dispatcher : IDisposable
{
    private const int EnginesKept = 16_384;

    private readonly ConcurrentDictionary<AddressFamily, Lazy<SnmpSocket>> sockets = new();
    private readonly RecentlyUsed<IPEndPoint, UsmProcessing> engines = new(EnginesKept);
    private readonly KeyRing keys = new();
    private readonly SnmpClientOptions options;
    private readonly DeviceWindows windows;
    private readonly SemaphoreSlim inFlight;     // never disposed: who still waits for it must be let through to be told
    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly Salts salts;

    public Dispatcher(SnmpClientOptions options, TimeProvider clock, Random random)
    {
        (this.options, this.clock, this.random) = (options, clock, random);
        (windows, inFlight, salts) = (new(options.Window), new(options.MaxInFlight), new(random.NextInt64()));
    }

    /// <summary>Asks once, retries included. The PDU is null unless the outcome is <see cref="SnmpOutcome.Answered"/>.</summary>
    public async Task<Received> AskAsync(SnmpTarget target, SnmpPdu question, CancellationToken cancel)
    {
        await windows.EnterAsync(target.EndPoint, cancel);
        var (isIn, began) = (false, clock.GetTimestamp());
        try
        {
            await inFlight.WaitAsync(cancel);
            isIn = true;
            return target.Credential is SnmpCredential.User user
                ? await AskAsUserAsync(target, user, question, cancel)
                : await ExchangeAsync(target, target.Community!, question, isRepeated: false, cancel);
        }
        finally
        {
            if (isIn) inFlight.Release();
            LeaveInTime(target.EndPoint, options.Pace - clock.GetElapsedTime(began));
        }
    }

    private void LeaveInTime(IPEndPoint device, TimeSpan tooEarly)
    {
        if (tooEarly <= TimeSpan.Zero) windows.Leave(device);
        else _ = Task.Delay(tooEarly, clock, CancellationToken.None).ContinueWith(_ => windows.Leave(device), TaskScheduler.Default);
    }

    private async Task<Received> AskAsUserAsync(SnmpTarget target, SnmpCredential.User user, SnmpPdu question, CancellationToken cancel)
    {
        for (var isRepeated = false; ; isRepeated = true)
        {
            if (Known(target.EndPoint, user) is not { } processing)
            {
                var discovery = new Discovery(clock);
                var (outcome, _, _) = await ExchangeAsync(target, discovery, Discovery.Question, isRepeated, cancel);
                if (outcome is not SnmpOutcome.Answered) return new(outcome);
                processing = Know(target.EndPoint, user, discovery.Found!);
            }
            var answer = await ExchangeAsync(target, processing, question, isRepeated, cancel);
            if (answer.Outcome is SnmpOutcome.Answered) return answer;

            // Its own, authenticated time is already taken over (RFC 3414 §4); in all these other cases it may be another engine by now.
            if (!answer.IsAuthentic && answer.Outcome is SnmpOutcome.UnknownEngine or SnmpOutcome.NotInTimeWindow or SnmpOutcome.TimedOut) engines.Remove(target.EndPoint);
            if (isRepeated || answer.Outcome is not (SnmpOutcome.UnknownEngine or SnmpOutcome.NotInTimeWindow)) return new(answer.Outcome);
        }
    }

    private UsmProcessing? Known(IPEndPoint device, SnmpCredential.User user) =>
        !engines.TryGet(device, out var last) ? null : last.User == user ? last : Know(device, user, last.Engine);

    private UsmProcessing Know(IPEndPoint device, SnmpCredential.User user, RemoteEngine engine)
    {
        var processing = new UsmProcessing(user, engine, keys.For(user, engine.Id), salts);
        engines.Set(device, processing);
        return processing;
    }

    private async Task<Received> ExchangeAsync(SnmpTarget target, IMessageProcessing processing, SnmpPdu question, bool isRepeated, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();      // whoever has taken the question back does not find it on the wire
        Exchange? exchange = null;
        SnmpSocket? socket = null;
        try
        {
            socket = SocketFor(target.EndPoint.AddressFamily);
            exchange = socket.Open(target, processing);
            question = question with { RequestId = exchange.Id };
            exchange.Datagram = processing.Prepare(exchange.Id, question);
            if (!isRepeated && question.VarBinds.Count > 0)
            {
                options.Asked?.Invoke(target.EndPoint, question);
                SnmpMetrics.Asked.Add(1);
            }
            socket.Send(exchange);
            await using var cancelled = cancel.UnsafeRegister(static (sent, token) => ((Exchange)sent!).TrySetCanceled(token), exchange);
            return await exchange.Task;
        }
        catch (SocketException)
        {
            return new(SnmpOutcome.Unreachable);     // no such address family on this machine
        }
        finally
        {
            if (exchange is not null) socket!.Close(exchange, new(SnmpOutcome.Unreachable));
        }
    }

    private SnmpSocket SocketFor(AddressFamily family) =>
        sockets.GetOrAdd(family, static (family, owner) => new(() => new SnmpSocket(family, owner.clock, owner.random)), this).Value;

    public void Dispose()
    {
        foreach (var socket in sockets.Values) if (socket.IsValueCreated) socket.Value.Dispose();
    }
}
