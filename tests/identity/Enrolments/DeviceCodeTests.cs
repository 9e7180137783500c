using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Testing;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>What a code and a proof are good for, and what not: the doors everybody may knock at.</summary>
public class DeviceCodeTests : EnrolmentFixture
{
    [Test]
    public async Task A_stolen_device_code_is_worth_nothing_without_the_key()
    {
        using var agent = new TestAgent(Running);
        using var thief = new TestAgent(Running);
        var asked = await agent.AskAsync();
        await ApproveAsync(Boss, asked.Text("user_code"));
        Assert.That((await thief.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("invalid_grant"));
        Assert.That((await thief.SendAsync("/oauth/token", null, ("client_id", "fleet-agent"), ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", asked.Text("device_code")))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Status, Is.EqualTo(200), "the twin: its own key");
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("invalid_grant"), "once");
    }

    [Test]
    public async Task A_proof_is_good_once_here_and_nowhere_else()
    {
        using var agent = new TestAgent(Running);
        var proof = agent.Proof("/oauth/device_authorization");
        Assert.That((await agent.SendAsync("/oauth/device_authorization", proof, ("client_id", "fleet-agent"))).Status, Is.EqualTo(200));
        Assert.That((await agent.SendAsync("/oauth/device_authorization", proof, ("client_id", "fleet-agent"))).Error, Is.EqualTo("invalid_dpop_proof"));
        var tokens = await agent.EnrolAsync(Boss);
        var used = agent.Proof("/oauth/token");
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), used)).Status, Is.EqualTo(200));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), used)).Error, Is.EqualTo("invalid_dpop_proof"), "or a recorded request would be taken for a lost answer");
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/device_authorization"))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/token", "GET"))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/token", ahead: TimeSpan.FromHours(1)))).Body.ToString(), Does.Contain("clock"));
    }

    [Test]
    public async Task Who_asks_too_fast_is_told_to_slow_down_and_a_code_ends_after_a_quarter_of_an_hour()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        var code = asked.Text("device_code");
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("authorization_pending"));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("slow_down"));
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("slow_down"), "ten seconds now");
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("authorization_pending"));
        Running.Service.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("expired_token"));
        Assert.That((await ApproveAsync(Boss, asked.Text("user_code"))).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Nobody_but_the_public_client_asks_for_a_code()
    {
        using var agent = new TestAgent(Running);
        Assert.That((await agent.SendAsync("/oauth/device_authorization", agent.Proof("/oauth/device_authorization"), ("client_id", "boss"))).Error, Is.EqualTo("invalid_client"));
        Assert.That((await agent.SendAsync("/oauth/device_authorization", null, ("client_id", "fleet-agent"))).Error, Is.EqualTo("invalid_dpop_proof"));
    }

    [TestCase(1, 10, "invalid_dpop_proof")]
    [TestCase(1, 20_000, "invalid_request")]
    [TestCase(50, 10, "invalid_request")]
    public async Task A_form_is_short_also_when_it_does_not_say_how_long_it_is(int fields, int length, string error)
    {
        var form = string.Join('&', Enumerable.Range(0, fields).Select(n => $"f{n}={new string('x', length)}").Prepend("client_id=fleet-agent"));
        using var http = Running.Http;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/device_authorization") { Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await http.SendAsync(request);
        Assert.That(((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()), Is.EqualTo((400, error)));
    }

    [Test]
    public async Task Proofs_are_remembered_no_longer_than_they_could_be_shown_again()
    {
        using var agent = new TestAgent(Running);
        using var other = new TestAgent(Running);
        await agent.AskAsync();
        await agent.AskAsync();
        Assert.That(await ProofsAsync(), Is.EqualTo(2));
        Running.Service.Clock.Advance(TimeSpan.FromMinutes(5));
        await other.AskAsync();
        Assert.That(await ProofsAsync(), Is.EqualTo(1), "those of an agent that never came back are gone, too");
    }

    [Test]
    public async Task A_flood_of_askers_is_held_up()
    {
        using var agent = new TestAgent(Running);
        var statuses = new List<int>();
        for (var n = 0; n < 60 && !statuses.Contains(429); n++)
            statuses.Add((await agent.AskAsync()).Status);
        Assert.That((statuses.Contains(429), statuses.Take(20).All(status => status == 200)), Is.EqualTo((true, true)), string.Join(' ', statuses));
    }

    private async Task<long> ProofsAsync()
    {
        await using var session = Running.Service.Store(Identity.Module).BatchSession();
        await session.BeginAsync();
        await using var count = session.Connection.CreateCommand();
        count.CommandText = "select count(*) from fleet_proof";
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
