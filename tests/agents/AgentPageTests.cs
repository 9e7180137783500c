using System.Net;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Spooling;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What the local page of a whole agent shows, and who is let in to see it.</summary>
public class AgentPageTests : AgentAtPage
{
    [Test]
    public async Task What_fleet_agent_page_prints_signs_in_and_shows_how_the_agent_is()
    {
        await using var agent = await StartAsync();
        var file = Path.Combine(agent.Directory, "config.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            tenant = "acme",
            site = "hq",
            agentId = "acme-hq",
            broker = new { host = "127.0.0.1" },
            tokenUrl = "http://127.0.0.1:9/",
            clientId = "c",
            secretFile = "s",
            stateDir = agent.Directory,
            page = new { port = agent.Config.PagePort }
        }));
        var (code, output, errors) = await AgentProgram.RunAsync("page", "--config", file);
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(output, Does.StartWith($"{agent.Origin}/sign-in?key="));
        Assert.That(await agent.GetAsync(output.Trim()[agent.Origin.Length..]), Does.Contain("<button class=\"main\" autofocus>Sign in"));
        using var signed = await agent.PostAsync("/sign-in", [("key", output.Trim().Split('=')[1])], token: false);
        agent.Cookie = signed.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        var state = await agent.UntilAsync("/", text => text.Contains("refuses connections", StringComparison.Ordinal), "the link to say that nobody is there");
        Assert.That(state, Does.Contain("acme-hq").And.Contain("not connected").And.Contain("Nothing is lost meanwhile").And.Contain("<b>0</b> sent").And.Contain("<b>0</b> refused").And.Contain("1-x"));
        Assert.That(state, Does.Match("<dt>Entries</dt><dd>[1-9]"));
    }

    [Test]
    public async Task Without_an_agent_there_is_no_key_to_print()
    {
        var directory = FreshDirectory();
        var file = Path.Combine(directory, "config.json");
        await File.WriteAllTextAsync(file, $$"""{"tenant":"acme","site":"hq","agentId":"acme-hq","broker":{"host":"127.0.0.1"},"tokenUrl":"http://127.0.0.1:9/","clientId":"c","secretFile":"s","stateDir":"{{directory}}"}""");
        var (code, output, _) = await AgentProgram.RunAsync("page", "--config", file);
        Assert.That(code, Is.EqualTo(3));
        Assert.That(output, Does.Contain("no agent shows its page from here"));
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task Devices_are_found_by_what_they_say_and_what_they_say_is_text()
    {
        await using var agent = await StartAsync();
        await agent.SignInAsync();
        await agent.UntilAsync("/devices", text => text.Contains("RVP0001", StringComparison.Ordinal), "the printer");
        foreach (var word in new[] { "rvp00", "kyocera", "127.0.0.1", "ward" })
            Assert.That(await agent.GetAsync($"/devices?find={word}"), Does.Contain("RVP0001").And.Contain("1 device"), word);
        Assert.That(await agent.GetAsync("/devices?find=%3Cscript%3Ex"), Does.Contain("0 devices").And.Contain("&lt;script&gt;x").And.Not.Contain("<script"), "the twin");

        var list = await agent.GetAsync("/devices");
        Assert.That(list, Does.Contain("&lt;script&gt;alert(&#x27;ward 3&#x27;)").And.Not.Contain("<script").And.Contain("lowest 50 %"));
        var device = await agent.GetAsync(System.Text.RegularExpressions.Regex.Match(list, "/device\\?at=[0-9a-f]+").Value);
        Assert.That(device, Does.Contain("TK-&lt;b&gt;8375").And.Not.Contain("<script").And.Not.Contain("<b>8375").And.Contain("127.0.0.1"));
        await agent.GetAsync("/device?at=none", HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Every_batch_is_found_and_opened_byte_for_byte()
    {
        Batch first = null!, second = null!;
        await using var agent = await StartAsync(prepare: directory => (first, second) = SentBefore(directory));
        await agent.SignInAsync();
        var all = await agent.GetAsync("/sent");
        Assert.That(all.IndexOf(">2</a>", StringComparison.Ordinal), Is.LessThan(all.IndexOf(">1</a>", StringComparison.Ordinal)).And.Positive, "newest first");

        foreach (var (words, isFound) in new[] { ("device=RVP0001", true), ("device=RVP0002", false), ("text=Papierstau+%C3%BC", true), ("text=nowhere", false), ("type=fleet.edge.alert-raised.v1", true), ("type=fleet.edge.meter-read.v1", false),
            ("device=RVP0001&type=fleet.edge.alert-raised.v1&text=papier", true), ("from=2026-01-01T00:00", true), ("from=2999-01-01T00:00", false), ("to=2026-01-01T00:00", false) })
            Assert.That((await agent.GetAsync($"/sent?{words}")).Contains("alert-raised · Kyocera", StringComparison.Ordinal), Is.EqualTo(isFound), words);

        var line = System.Text.RegularExpressions.Regex.Match(all, "/batch\\?line=([0-9]+)\">2<").Groups[1].Value;
        var batch = await agent.GetAsync($"/batch?line={line}");
        Assert.That(WebUtility.HtmlDecode(batch), Does.Contain(Encoding.UTF8.GetString(second.Body)).And.Contain(second.Hash).And.Contain(second.Signature).And.Contain(first.Hash));
        Assert.That(batch, Does.Contain(">holds<"));
        using var body = await agent.SendAsync(HttpMethod.Get, $"/batch/body?line={line}");
        Assert.That(await body.Content.ReadAsByteArrayAsync(), Is.EqualTo(second.Body));
        Assert.That(body.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("acme-hq-batch-2.json"));
        await agent.GetAsync("/batch?line=1", HttpStatusCode.NotFound);     // no batch, but the agent's beginning
    }

    [Test]
    public async Task A_taken_port_costs_the_page_and_not_the_agent()
    {
        await using var one = await StartAsync();
        var lines = new StringWriter();
        await using (var other = await PageAgent.StartAsync(Printer, Asked.Enqueue, lines: TextWriter.Synchronized(lines), port: one.Config.PagePort))
        {
            Asked.Clear();
            await Eventually(() => Asked.Count > 20, "its printer to be read all the same");
            Assert.That(File.Exists(Path.Combine(other.Directory, "page.key")), Is.False);
        }
        Assert.That(lines.ToString(), Does.Contain($"no local page on 127.0.0.1:{one.Config.PagePort}").And.Contain("the agent goes on without it"));
        Assert.That(File.Exists(Path.Combine(one.Directory, "page.key")), "the twin");
    }

    [Test]
    public async Task With_port_0_there_is_no_page_and_no_key()
    {
        await using var agent = await PageAgent.StartAsync(Printer, Asked.Enqueue, port: 0);
        await Eventually(() => Asked.Count > 20, "the printer to be read");
        Assert.That(File.Exists(Path.Combine(agent.Directory, "page.key")), Is.False);
    }

    // Two batches an earlier run has sent.
    private static (Batch First, Batch Second) SentBefore(string directory)
    {
        using var spool = Open(directory);
        using var transcript = Transcript.Open(directory, "acme-hq", new(), SystemClock);
        return (Send("first"), Send("Papierstau ü <b>"));

        Batch Send(string description)
        {
            spool.Accept(Entry(Fleet.Agent.Events.Fact.Of(Alert(1) with { Description = description })));
            var batch = spool.Waiting(EdgeBatch.AlertLane, 0, 1).Single();
            transcript.Sent(batch);
            spool.Confirm(batch.Sequence);
            return batch;
        }
    }
}
