using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Contracts.Tests;

/// <summary>infra/docker/gateway.conf gives every route of the API to the service that has it.</summary>
public partial class GatewayTests
{
    [Test]
    public void Every_route_reaches_its_own_service() => Assert.That(Astray(Gateway()), Is.Empty);

    [Test]
    public void A_route_that_goes_astray_is_seen() =>
        Assert.That(Astray([.. Gateway().Where(rule => !rule.Pattern.ToString().EndsWith("/grant$", StringComparison.Ordinal))]), Is.EqualTo(new[] { "/api/v1/tenants/x/sites/x/grant: identity, not consent" }));

    private static List<(Regex Pattern, string Service)> Gateway() =>
    [
        .. Location().Matches(File.ReadAllText(Path.Combine(CheckedIn.Folder, "../infra/docker/gateway.conf")))
            .Select(match => (new Regex(match.Groups["pattern"].Value), match.Groups["service"].Value))
    ];

    private static IEnumerable<string> Astray(List<(Regex Pattern, string Service)> gateway) =>
        from path in CheckedIn.Read("openapi/fleet.v1.json")["paths"]!.AsObject()
        let address = Parameter().Replace(path.Key, "x")
        let has = path.Value!.AsObject().First().Value!["tags"]![0]!.ToString()
        let reached = gateway.FirstOrDefault(rule => rule.Pattern.IsMatch(address)).Service ?? "nobody"
        where reached != has
        select $"{address}: {reached}, not {has}";

    [GeneratedRegex(@"location ~ (?<pattern>\S+)\s+\{ proxy_pass http://(?<service>\w+):")]
    private static partial Regex Location();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
