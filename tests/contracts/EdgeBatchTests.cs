using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Contracts.Tests;

public class EdgeBatchTests
{
    [Test]
    public void A_member_nobody_knows_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CounterRead>(
            """{"name":"total","value":1,"unit":"impressions","oid":"1.3","user":"anna"}""", EdgeBatch.Json));

    [Test]
    public void A_missing_member_is_refused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CounterRead>("""{"name":"total","value":1}""", EdgeBatch.Json));
}
