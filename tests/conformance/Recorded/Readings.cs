using System.Collections.Concurrent;
using Fleet.Printers;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>Each recording read once, with everything allowed, for all the tests that only look at the result.</summary>
internal static class Readings
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<PrinterReading>>> Read = new();

    public static Task<PrinterReading> OfAsync(string name) => Read.GetOrAdd(name, static name => new(async () =>
    {
        using var client = Ask.Client();
        return await Ask.ReadAsync(client, Ask.Target(Simulator.Peer.EndPoint, name));
    })).Value;
}
