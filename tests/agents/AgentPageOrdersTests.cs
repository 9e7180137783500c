using System.Net;
using Fleet.Agent.Transcribing;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What is switched and written at the local page of a whole agent, and what the agent does then.</summary>
public class AgentPageOrdersTests : AgentAtPage
{
    private static readonly Oid Supplies = Oid.Parse("1.3.6.1.2.1.43.11"), SysName = Oid.Parse("1.3.6.1.2.1.1.5");

    [Test]
    public async Task Switched_off_here_a_group_is_not_asked_any_more_and_switched_on_it_is()
    {
        await using var agent = await StartAsync();
        await agent.SignInAsync();
        await Eventually(() => Asked.Any(oid => oid.StartsWith(Supplies)), "supplies to be asked");

        using (var off = await agent.PostAsync("/consents", [("group", "supplies"), ("turn", "off")])) Assert.That(off.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Asked.Clear();
        await Eventually(() => Asked.Count(oid => oid == Oid.Parse("1.3.6.1.2.1.1.2.0")) > 5, "five more visits");
        Assert.That(Asked, Has.None.Matches<Oid>(oid => oid.StartsWith(Supplies)));
        Assert.That(await agent.GetAsync("/consents"), Does.Contain("off since").And.Contain("aria-checked=\"false\" aria-labelledby=\"supplies\""));
        Assert.That(await agent.UntilAsync("/asked", text => text.Contains("supplies was switched off", StringComparison.Ordinal), "the transcript"), Does.Contain("prtMarkerSuppliesTable"));

        using (await agent.PostAsync("/consents", [("group", "supplies"), ("turn", "on")])) { }
        await Eventually(() => Asked.Any(oid => oid.StartsWith(Supplies)), "supplies to be asked again, the twin");
        Assert.That(CheckTranscript.Of(Path.Combine(agent.Directory, Transcript.FolderName)).Fault, Is.Null);
    }

    [Test]
    public async Task What_the_customer_has_not_consented_to_cannot_be_opened_here()
    {
        await using var agent = await PageAgent.StartAsync(Printer, Asked.Enqueue, ["identity", "status", "counters"]);
        await agent.SignInAsync();
        foreach (var turn in new[] { "off", "on", "on" }) using (await agent.PostAsync("/consents", [("group", "location"), ("turn", turn)])) { }
        foreach (var (group, turn) in new[] { ("everything", "on"), ("none", "on"), ("location", "open"), ("", "") })
            Assert.That((await agent.PostAsync("/consents", [("group", group), ("turn", turn)])).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), $"{group} {turn}");
        Asked.Clear();
        await Eventually(() => Asked.Count > 20, "more visits");
        Assert.That(Asked, Has.None.Matches<Oid>(oid => oid.StartsWith(SysName)).And.None.Matches<Oid>(oid => oid.StartsWith(Supplies)));
        Assert.That(await agent.GetAsync("/consents"), Does.Contain("not consented"));
    }

    [Test]
    public async Task Ranges_are_tried_changed_and_taken_back_without_a_restart()
    {
        await using var agent = await StartAsync();
        await agent.SignInAsync();
        using (var wrong = await PostAsync("add", "127.0.0.9, 127.0.0.300"))
        {
            Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
            Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("column 12").And.Contain("<mark>127.0.0.300</mark>"));
        }
        using (var check = await PostAsync("check", "192.0.2.0/24 !192.0.2.7 printer.example"))
            Assert.That(await check.Content.ReadAsStringAsync(), Does.Contain("253 addresses").And.Contain("1 name looked up").And.Contain("never asked: 192.0.2.0, 192.0.2.7, 192.0.2.255"));
        Assert.That(File.Exists(Path.Combine(agent.Directory, "ranges.json")), Is.False);

        using (var add = await PostAsync("add", "127.0.0.1")) Assert.That(add.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(await agent.GetAsync("/ranges"), Does.Contain("What counts is what was written on this page").And.Contain(">127.0.0.1</textarea>"));
        await agent.UntilAsync("/", text => text.Contains("<dt>Printers</dt><dd>1 ", StringComparison.Ordinal), "the new range to be searched");

        using (var late = await agent.PostAsync("/ranges", [("action", "remove"), ("at", "0"), ("was", "another list")])) Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        using (var unknown = await PostAsync("add", "127.0.0.2", opens: "named:nobody")) Assert.That(await unknown.Content.ReadAsStringAsync(), Does.Contain("there is no credentials.nobody"));
        using (await PostAsync("remove", "", at: 0)) { }
        Assert.That(await agent.GetAsync("/ranges"), Does.Not.Contain(">127.0.0.1</textarea>").And.Contain("What counts is what was written on this page"));
        using (await agent.PostAsync("/ranges/forget", [])) { }
        Assert.That(await agent.GetAsync("/ranges"), Does.Contain("What counts is the configuration file"));

        Directory.CreateDirectory(Path.Combine(agent.Directory, "ranges.json"));
        using (var denied = await agent.PostAsync("/ranges/forget", []))
            Assert.That((denied.StatusCode, (await denied.Content.ReadAsStringAsync()).Contains("cannot be deleted, so nothing was done", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.UnprocessableEntity, true)));

        async Task<HttpResponseMessage> PostAsync(string action, string addresses, int? at = null, string opens = "usual")
        {
            var page = await agent.GetAsync("/ranges");
            var places = System.Text.RegularExpressions.Regex.Matches(page, "name=\"at\" value=\"([0-9]+)\"");
            var was = System.Text.RegularExpressions.Regex.Match(page, "name=\"was\" value=\"([^\"]+)\"").Groups[1].Value;
            return await agent.PostAsync("/ranges", [("action", action), ("at", at is { } given ? $"{given}" : places[^1].Groups[1].Value), ("was", was), ("addresses", addresses), ("port", $"{agent.Config.Targets![0].Port}"), ("opens", opens)]);
        }
    }
}
