using System.Collections.Concurrent;
using System.Text;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>An agent that hears what it is told over its control queue, at a real broker.</summary>
public class AgentControlTests : AgentAtBroker
{
    // Of a name of its own: other areas have theirs at the same broker.
    private const string Queue = "control.acme.hears", Withdrawn = """{"tenantId":"acme","version":2,"fieldGroups":["identity"],"later":"a member of another year"}""";

    private readonly ConcurrentQueue<ConsentNotice> heard = new();
    private readonly StringWriter lines = new();
    private Spool spool = null!;

    [SetUp]
    public void OpenSpool()
    {
        heard.Clear();
        lines.GetStringBuilder().Clear();
        Edge.Issuer.Scope += $" rabbitmq.read:fleet/{Queue}";
        spool = Open(Edge.Directory);
    }

    [TearDown]
    public void CloseSpool() => spool.Dispose();

    [OneTimeTearDown]
    public void Dispose() => lines.Dispose();

    [Test]
    public async Task It_hears_what_came_while_it_was_away_and_what_comes_and_takes_it_from_the_queue()
    {
        await Edge.DeclareAsync(Queue);
        await Edge.TellAsync(Queue, Withdrawn);
        await using (Running())
        {
            await Eventually(() => heard.Count == 1, "what had come before");
            await Edge.TellAsync(Queue, Withdrawn.Replace("2", "3", StringComparison.Ordinal));
            await Eventually(() => heard.Count == 2, "what came then");
        }
        await using (Running())
        {
            await Edge.TellAsync(Queue, Withdrawn.Replace("2", "4", StringComparison.Ordinal));
            await Eventually(() => heard.LastOrDefault()?.Version == 4, "what came after a restart");
        }
        Assert.That(heard.Count(notice => notice.Version == 2), Is.EqualTo(1), "it is not told again");
        Assert.That(heard.Take(2).Select(notice => (notice.TenantId, notice.Version, string.Join(' ', notice.FieldGroups))), Is.EqualTo(new[] { ("acme", 2L, "identity"), ("acme", 3L, "identity") }));
    }

    [Test]
    public async Task What_it_does_not_know_or_cannot_read_is_left_alone_and_the_next_one_is_heard()
    {
        await Edge.DeclareAsync(Queue);
        await Edge.TellAsync(Queue, "not even JSON", type: "fleet.control.of-another-year.v1");
        foreach (var wrong in new[] { "", "null", "[]", "{", """{"tenantId":"acme"}""", """{"tenantId":null,"version":2,"fieldGroups":[]}""" }) await Edge.TellAsync(Queue, wrong);
        await Edge.TellAsync(Queue, Withdrawn);
        await using var agent = Running();
        await Eventually(() => heard.Count == 1, "the last one");
        Assert.That(lines.ToString(), Does.Contain($"a message of queue {Queue} cannot be read and is left alone"));
    }

    [Test]
    public async Task Without_its_queue_it_says_so_and_publishes_all_the_same()
    {
        Edge.Issuer.Scope += " rabbitmq.read:fleet/control.acme.none";
        await using var agent = Running("control.acme.none");
        await Eventually(() => lines.ToString().Contains("queue control.acme.none cannot be read", StringComparison.Ordinal), "the line");
        spool.Accept(Entry("one"));
        agent.Publisher.Wake();
        await Eventually(() => spool.Tally.Sent == 1, "the batch to be confirmed");
        Assert.That(heard, Is.Empty);
    }

    private AgentPublisher Running(string queue = Queue) => new(Edge.Config, spool, control: new(queue, heard.Enqueue, SystemClock, Around(TextWriter.Synchronized(lines)).Log));
}
