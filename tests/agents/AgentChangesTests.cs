using System.Text.Json;
using Fleet.Agent.Changes;
using Fleet.Agent.Events;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentChangesTests
{
    [Test]
    public void A_device_seen_first_says_everything() =>
        Assert.That(Types(KeepChanges.Decide(null, Seen, metersDue: true, Today)), Is.EquivalentTo(new[]
        {
            EdgeEventTypes.DeviceSeen, EdgeEventTypes.MeterRead, EdgeEventTypes.SuppliesRead, EdgeEventTypes.StatusChanged
        }));

    [Test]
    public void The_same_visit_again_says_nothing_between_meter_readings() =>
        Assert.That(Types(KeepChanges.Decide(Known(), Again(), metersDue: false, Today)), Is.Empty);

    [Test]
    public void A_scheduled_meter_reading_is_said_even_when_nothing_was_printed() =>
        Assert.That(Types(KeepChanges.Decide(Known(), Again(), metersDue: true, Today)), Is.EqualTo(new[] { EdgeEventTypes.MeterRead }));

    [Test]
    public void The_first_visit_of_a_day_says_the_meters_as_coverage_and_the_second_does_not()
    {
        var first = KeepChanges.Decide(Known(), Again(), metersDue: false, Today.AddDays(1));
        Assert.That(Types(first), Is.EqualTo(new[] { EdgeEventTypes.MeterRead }));
        Assert.That(Types(KeepChanges.Decide(first.Memory, Again(), metersDue: false, Today.AddDays(1))), Is.Empty);
    }

    [Test]
    public void A_changed_level_says_the_supplies_and_nothing_else()
    {
        var supplies = Seen.Supplies! with { Supplies = [Seen.Supplies.Supplies[0] with { Level = 499, Percent = 49.9m }, Seen.Supplies.Supplies[1]] };
        Assert.That(Types(KeepChanges.Decide(Known(), Again() with { Supplies = supplies }, metersDue: false, Today)), Is.EqualTo(new[] { EdgeEventTypes.SuppliesRead }));
    }

    [Test]
    public void Alerts_are_raised_and_cleared_by_difference()
    {
        var raised = KeepChanges.Decide(Known(), Again() with { Alerts = [Alert(1), Alert(2)] }, metersDue: false, Today);
        Assert.That(Types(raised), Is.EqualTo(new[] { EdgeEventTypes.AlertRaised, EdgeEventTypes.AlertRaised }));
        var cleared = KeepChanges.Decide(raised.Memory, Again() with { Alerts = [Alert(2)] }, metersDue: false, Today);
        Assert.That(cleared.Facts.Single().Data.GetRawText(), Is.EqualTo(JsonSerializer.Serialize(new AlertCleared(Device, "1.1", 8), EdgeBatch.Json)));
    }

    [Test]
    public void Who_does_not_know_what_was_said_before_names_all_alerts_there_are_and_once()
    {
        var first = KeepChanges.Decide(null, Seen with { Alerts = [Alert(1), Alert(2, code: 3)] }, metersDue: true, Today);
        var status = first.Facts.Single(fact => fact.Type == EdgeEventTypes.StatusChanged).Data.Deserialize<StatusChanged>(EdgeBatch.Json)!;
        Assert.That(status.OpenAlerts, Is.EqualTo(new[] { new OpenAlert("1.1", 8), new OpenAlert("1.2", 3) }));
        Assert.That(Types(KeepChanges.Decide(first.Memory, Seen with { Alerts = [Alert(1), Alert(2, code: 3)] }, metersDue: false, Today)), Is.Empty);

        var anew = KeepChanges.Decide(first.Memory.Unsaid, Seen with { Alerts = [] }, metersDue: false, Today);
        Assert.That(anew.Facts.Single(fact => fact.Type == EdgeEventTypes.StatusChanged).Data.Deserialize<StatusChanged>(EdgeBatch.Json)!.OpenAlerts, Is.Empty);
    }

    [Test] // the twin
    public void Who_knows_or_has_not_seen_the_whole_table_names_none()
    {
        var changed = KeepChanges.Decide(Known(), Again() with { Status = Seen.Status! with { Errors = ["jammed"] } }, metersDue: false, Today);
        Assert.That(changed.Facts.Single().Data.Deserialize<StatusChanged>(EdgeBatch.Json)!.OpenAlerts, Is.Null);
        var cut = KeepChanges.Decide(null, Seen with { Alerts = null }, metersDue: false, Today);
        Assert.That(cut.Facts.Single(fact => fact.Type == EdgeEventTypes.StatusChanged).Data.Deserialize<StatusChanged>(EdgeBatch.Json)!.OpenAlerts, Is.Null);
        var whole = KeepChanges.Decide(cut.Memory, Seen with { Alerts = [] }, metersDue: false, Today);
        Assert.That(whole.Facts.Single().Data.Deserialize<StatusChanged>(EdgeBatch.Json)!.OpenAlerts, Is.Empty, "the first whole table is told");
    }

    [Test]
    public void A_row_that_became_another_alert_is_cleared_and_raised()
    {
        var raised = KeepChanges.Decide(Known(), Again() with { Alerts = [Alert(1, code: 8)] }, metersDue: false, Today);
        var other = KeepChanges.Decide(raised.Memory, Again() with { Alerts = [Alert(1, code: 3)] }, metersDue: false, Today);
        Assert.That(Types(other), Is.EqualTo(new[] { EdgeEventTypes.AlertCleared, EdgeEventTypes.AlertRaised }));
    }

    [Test]
    public void What_was_not_looked_at_clears_nothing()
    {
        var raised = KeepChanges.Decide(Known(), Again() with { Alerts = [Alert(1)] }, metersDue: false, Today);
        var half = KeepChanges.Decide(raised.Memory, new Observed("t1", Device), metersDue: true, Today);
        Assert.That(Types(half), Is.Empty);
        Assert.That(half.Memory.Alerts, Has.Count.EqualTo(1));
    }

    [Test]
    public void Silence_is_said_once_and_the_answer_after_it_too()
    {
        var silent = KeepChanges.Silent(Known());
        Assert.That(silent.Facts.Single().Data.GetProperty("deviceStatus").GetString(), Is.EqualTo("unreachable"));
        Assert.That(KeepChanges.Silent(silent.Memory).Facts, Is.Empty);
        Assert.That(Types(KeepChanges.Decide(silent.Memory, Again(), metersDue: false, Today)), Is.EqualTo(new[] { EdgeEventTypes.StatusChanged }));
    }

    [Test]
    public void Memory_survives_its_own_json()
    {
        var memory = DeviceMemory.FromJson(Known().ToJson());
        Assert.That(Types(KeepChanges.Decide(memory, Again(), metersDue: false, Today)), Is.Empty);
    }

    // Equal in content, not in reference: lists inside records must not make a change of nothing.
    private static Observed Again() => JsonSerializer.Deserialize<Observed>(JsonSerializer.Serialize(Seen, EdgeBatch.Json), EdgeBatch.Json)!;

    private static DeviceMemory Known() => KeepChanges.Decide(null, Seen, metersDue: true, Today).Memory;

    private static IEnumerable<string> Types(Kept kept) => kept.Facts.Select(fact => fact.Type);
}
