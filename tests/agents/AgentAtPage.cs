using System.Collections.Concurrent;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>Tests of a whole agent through its local page; nothing answers but a scripted printer, and what that is asked is written down.</summary>
public abstract class AgentAtPage
{
    private protected static readonly PrintersDevice Printer = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System")
        .Has("1.3.6.1.2.1.43.5.1.1.17.1", "RVP0001").Row(1, 5).Supply("1.1", 500, 1000, "TK-<b>8375</b>").Has("1.3.6.1.2.1.1.5.0", "<script>alert('ward 3')</script>")
        .Has("1.3.6.1.2.1.43.10.2.1.4.1.1", 7432);

    private protected ConcurrentQueue<Oid> Asked { get; } = new();

    [SetUp]
    public void Forget() => Asked.Clear();

    private protected Task<PageAgent> StartAsync(Action<string>? prepare = null) => PageAgent.StartAsync(Printer, Asked.Enqueue, prepare: prepare);
}
