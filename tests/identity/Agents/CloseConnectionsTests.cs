using System.Net;
using System.Text;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.OAuth;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Identity.Tests.Agents;

/// <summary>Cutting off revoked agents goes on, whatever the management API answers about one of them.</summary>
public class CloseConnectionsTests
{
    [TestCase("<html>502 Bad Gateway</html>")]
    [TestCase("[{\"name\":")]
    [TestCase("{\"error\":\"no list\"}")]
    [TestCase("null")]
    [TestCase("[null]")]
    public async Task A_strange_answer_about_one_keeps_nobody_from_the_next_and_from_the_next_turn(string strange)
    {
        await using var identity = await RunningIdentity.StartAsync(new[] { ("FLEET_RABBITMQ_MANAGEMENT", "") });
        await using (var database = NpgsqlDataSource.Create(identity.Service.Place.DatabaseOf("identity").Owner))
        await using (var rows = database.CreateCommand($"insert into identity.{EndedLogins.View.Name} (tenant_id, key, login, ended_at) values ('acme', '1', 'first', now()), ('acme', '2', 'second', now())"))
            await rows.ExecuteNonQueryAsync();
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_IDENTITY_KEY", identity.KeyFile), new("FLEET_ISSUER", identity.Issuer)]).Build();
        var module = new ModuleContext(Identity.Module, identity.Service.Store(Identity.Module), TestClock.Real, settings, NullLoggerFactory.Instance);
        using var management = new Management(strange);
        using var http = new HttpClient(management) { BaseAddress = new("http://management") };
        var broker = new BrokerConnections(http, new AccessTokens(identity.Issuer, SigningKeys.Of(module), TestClock.Real));
        using var closing = new CloseConnections(module, broker);

        await closing.CloseAsync(broker, CancellationToken.None);
        await closing.CloseAsync(broker, CancellationToken.None);
        Assert.That(management.Closed, Is.EqualTo(new[] { "/api/connections/of-second", "/api/connections/of-second" }));
    }

    // Stands where the broker stands, and says of the first login what no broker says.
    private sealed class Management(string strange) : HttpMessageHandler
    {
        public List<string> Closed { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var login = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!)).Split(':')[0];
            if (request.Method == HttpMethod.Delete)
                Closed.Add(request.RequestUri!.AbsolutePath);
            var said = login == "first" ? strange : "[{\"name\":\"of-second\",\"user\":\"second\"}]";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(said, Encoding.UTF8, "application/json") });
        }
    }
}
