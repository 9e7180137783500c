using System.Net;
using Fleet.Cli.Local;
using Fleet.Testing;

namespace Fleet.Identity.Tests.OAuth;

public class IssuerOutageTests
{
    [Test]
    public async Task An_issuer_that_is_away_is_no_fault_of_the_token_and_its_return_is_noticed()
    {
        var (issuer, broker) = ($"http://127.0.0.1:{Ports.Free()}", (await SharedServers.StartedAsync()).Broker);
        await using var identity = await RunningIdentity.StartAsync();
        await using var service = await RunningService.StartAsync(
            [("FLEET_ISSUER", issuer), ("FLEET_IDENTITY_KEY", broker.SigningKeyFile)], Identity.Module);
        await using var tokens = await TestTokens.StartAsync(broker.SigningKeyFile, broker.KeyId, issuer, published: false);
        var token = tokens.For("technician", ["acme"]);

        using var http = service.With(token);
        using (var away = await http.GetAsync("/api/v1/tenants"))
            Assert.That(away.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "the token is good: 401 would make its bearer throw it away");

        await tokens.PublishAsync();
        await Eventually.IsAsync("the API to believe its issuer again", async () => (await http.GetAsync("/api/v1/tenants")).StatusCode, status => status == HttpStatusCode.OK);
    }
}
