using System.Text.Json;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Backfill;
using Fleet.Contracts.Edge.V1;
using Fleet.Simulator.Commands;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A demo's history: the agent's own path, in the past.</summary>
public class BackfillTests : AgentAtBroker
{
    private static readonly TenantSplit Split = TenantSplit.Parse("acme:2,globex:1");

    [Test]
    public async Task History_goes_the_real_way_and_its_pages_are_the_printers_own()
    {
        IReadOnlyList<ManifestEntry> manifest = [.. PlacedPrinter.Place(4, 9, Split, 18004).Select(placed => ManifestEntry.Of(placed, 18004))];
        var past = new Past(4, new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(1));
        using var spool = Open(Edge.Directory);
        var made = await LivePast.RunAsync(Edge.Config, spool, manifest, past, Around(TestContext.Out), CancellationToken.None);
        Assert.That((spool.Tally.Sent, spool.Tally.Kept), Is.EqualTo((made, 0L)));

        var arrived = await Edge.ArrivedAsync();
        Assert.That(arrived.Select(message => message.Sequence).Order(), Is.EqualTo(Enumerable.Range(1, (int)spool.Chain.Sequence)));
        var meters = arrived.SelectMany(message => JsonSerializer.Deserialize<List<EdgeEvent>>(message.Body, EdgeBatch.Json)!)
            .Where(e => e.Type == EdgeEventTypes.MeterRead).Select(e => (e.Time, Read: e.Data.Deserialize<MeterRead>(EdgeBatch.Json)!)).ToList();
        Assert.That(meters, Has.Count.EqualTo(6 * 31));
        foreach (var printer in CountPages.Of(4, 9, past.From, past.To, Split).Where(printer => printer.Tenant == "acme"))
        {
            var own = meters.Where(meter => meter.Read.Device.Serial == printer.Serial).OrderBy(meter => meter.Time).ToList();
            foreach (var counter in new[] { "total", "mono" })
                Assert.That(Count(own[^1].Read, counter) - Count(own[0].Read, counter), Is.EqualTo(printer.Counters[counter].Pages), $"{printer.Model} {counter}");
        }
    }

    [Test]
    public void A_manifest_of_another_seed_is_refused()
    {
        using var spool = Open(Edge.Directory);
        IReadOnlyList<ManifestEntry> manifest = [.. PlacedPrinter.Place(4, 3, Split, 18005).Select(placed => ManifestEntry.Of(placed, 18005))];
        var past = new Past(5, Noon, Noon, TimeSpan.FromDays(1));
        Assert.That(async () => await LivePast.RunAsync(Edge.Config, spool, manifest, past, Around(), CancellationToken.None), Throws.TypeOf<ConfigException>().With.Message.Contains("--seed"));
    }

    private static long Count(MeterRead read, string counter) => read.Counters.Single(one => one.Name == counter).Value;
}
