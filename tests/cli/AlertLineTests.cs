using System.Text.Json.Nodes;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public class AlertLineTests
{
    [Test]
    public void An_event_is_one_line_with_its_time_in_utc_and_what_it_says() =>
        Assert.That(
            AlertLine.Of("alert-raised", Alert("""{"at":"2026-11-06T01:02:03.4+01:00","severity":"critical","tenantId":"acme","deviceId":"c0cb","summary":"TK-8375M is empty","condition":"supply-1"}""")),
            Is.EqualTo("alert-raised       2026-11-06 00:02:03Z  critical  acme  c0cb  TK-8375M is empty  supply-1"));

    [Test]
    public void Members_that_are_missing_or_new_do_not_disturb_it() =>
        Assert.That(AlertLine.Of("alert-resolved", Alert("""{"deviceId":"c0cb","later":{"x":1},"by":null}""")), Is.EqualTo("alert-resolved     c0cb"));

    private static JsonObject Alert(string json) => JsonNode.Parse(json)!.AsObject();
}
