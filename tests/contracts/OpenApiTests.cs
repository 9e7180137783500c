using System.Text.Json.Nodes;
using Fleet.Host;
using Fleet.Testing;

namespace Fleet.Contracts.Tests;

public class OpenApiTests
{
    [Test]
    public async Task Dump()
    {
        var servers = await SharedServers.StartedAsync();
        await using var fleet = await RunningService.StartAsync([("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile)], Everything.Modules);
        using var http = fleet.With();
        File.WriteAllText("/tmp/openapi.json", await http.GetStringAsync("/openapi/v1.json"));
    }
}
