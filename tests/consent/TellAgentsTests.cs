using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Consent.Grants;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Consent.Tests;

public class TellAgentsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Agents_are_told_what_stands_and_nothing_that_was_withdrawn_or_begins_later()
    {
        var notice = TellAgents.Decide(new("acme", 7, [new("billing", Now.AddDays(-9), null)], [],
            [new("counters", Now.AddDays(-9), null), new("location", Now.AddDays(-9), Now), new("supplies", Now.AddHours(1), null)], Now));
        Assert.That((notice.TenantId, notice.Version), Is.EqualTo(("acme", 7)));
        Assert.That(notice.FieldGroups, Is.EqualTo(new[] { "counters" }));
    }

    [Test]
    public void Without_a_purpose_nothing_may_be_asked() =>
        Assert.That(TellAgents.Decide(new("acme", 7, [new("billing", Now.AddDays(-9), Now)], [], [new("counters", Now.AddDays(-9), null)], Now)).FieldGroups, Is.Empty);

    [Test]
    public async Task Every_agent_of_the_tenant_is_told_and_nobody_elses()
    {
        await using var service = await RunningService.StartAsync(Consent.Module);
        await using var broker = await new ConnectionFactory { Uri = service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        await using var channel = await broker.CreateChannelAsync();
        foreach (var (queue, tenant) in new[] { ("one", "acme"), ("two", "acme"), ("other", "globex") })
        {
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: false);
            await channel.QueueBindAsync(queue, EdgeAccess.ControlExchange, tenant);
        }
        using var customer = service.As("customer-admin", "acme");
        foreach (var (what, groups) in new[] { ("grant", new[] { "counters", "identity" }), ("withdraw", ["identity"]) })
            (await customer.PostAsJsonAsync($"/api/v1/tenants/acme/consents/{what}", new { purposes = what == "grant" ? new[] { "billing" } : null, fieldGroups = groups })).EnsureSuccessStatusCode();

        foreach (var queue in new[] { "one", "two" })
        {
            var heard = new List<ConsentNotice>();
            await Eventually.IsTrueAsync($"both notices in {queue}", async () =>
            {
                if (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                {
                    Assert.That((message.BasicProperties.Type, message.BasicProperties.ContentType), Is.EqualTo((ConsentNotice.Type, ConsentNotice.ContentType)));
                    heard.Add(JsonSerializer.Deserialize<ConsentNotice>(message.Body.Span, ConsentNotice.Json)!);
                }
                return heard.Select(notice => notice.Version).Distinct().Count() == 2;      // at least once each
            });
            Assert.That(heard.First(notice => notice.Version == 2).FieldGroups, Is.EqualTo(new[] { "counters" }));
            Assert.That(heard.First(notice => notice.Version == 1).FieldGroups, Is.EquivalentTo(new[] { "counters", "identity" }));
        }
        Assert.That(await channel.BasicGetAsync("other", autoAck: true), Is.Null);
    }
}
