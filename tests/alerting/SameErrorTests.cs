using Fleet.Alerting.Alerts;
using Fleet.Alerting.Statuses;
using Fleet.Contracts.Telemetry.V1;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

/// <summary>A jam is a bit of hrPrinterDetectedErrorState and a row of prtAlertTable: one alert with two pieces of evidence.</summary>
public class SameErrorTests
{
    private static readonly Condition Jam = new("acme", "d1", "error-jammed");

    [Test]
    public void One_jam_seen_in_status_and_alert_table_is_one_alert() =>
        Assert.That(Told(Hear(Bit(0), Row(0))), Is.EqualTo(new[] { "raised 1 critical", "Corroborated" }));

    [Test]
    public void Whichever_of_the_two_comes_first() =>
        Assert.That(Told(Hear(Row(0), Bit(0))), Is.EqualTo(new[] { "raised 1 critical", "Corroborated" }));

    [Test]
    public void It_is_over_when_neither_shows_it_any_more()
    {
        Assert.That(Told(Hear(Bit(0), Row(0), NoBit(1))), Has.None.EqualTo("resolved by device"), "the row is still there");
        Assert.That(Told(Hear(Bit(0), Row(0), NoBit(1), NoRow(2))).Last(), Is.EqualTo("resolved by device"));
        Assert.That(Told(Hear(Bit(0), Row(0), NoRow(1), NoBit(1))).Last(), Is.EqualTo("resolved by device"));
    }

    [Test]
    public void Two_rows_of_one_jam_are_no_second_alert_and_both_must_go() =>
        Assert.That(Told(Hear(Row(0, "1.17"), Row(1, "1.18"), NoRow(2, "1.17"), NoRow(3, "1.18"))), Is.EqualTo(new[] { "raised 1 critical", "Corroborated", "resolved by device" }));

    [Test]
    public void A_row_that_comes_after_the_status_said_it_is_over_does_not_ring_again() =>
        Assert.That(Told(Hear(Bit(0), NoBit(5), Row(0), NoRow(5))), Is.EqualTo(new[] { "raised 1 critical", "resolved by device" }));

    [Test]
    public void The_next_jam_is_a_new_episode() =>
        Assert.That(Told(Hear(Bit(0), Row(0), NoBit(1), NoRow(1), Row(2, "1.18"), Bit(2))), Is.EqualTo(new[]
        {
            "raised 1 critical", "Corroborated", "resolved by device", "raised 2 critical", "Corroborated",
        }));

    [Test]
    public void What_a_person_resolved_is_not_rung_again_by_the_other_word() =>
        Assert.That(Told(Hear([.. Hear(Bit(0)), ByAna], Row(1))), Has.None.StartWith("raised 2"));

    [Test]
    public void Another_code_is_another_condition() => Assert.Multiple(() =>
    {
        Assert.That(WatchDeviceAlerts.Condition("acme", "d1", "1.17", 8), Is.EqualTo(Jam));
        Assert.That(WatchDeviceAlerts.Condition("acme", "d1", "1.17", 3).Name, Is.EqualTo("error-doorOpen"));
        Assert.That(WatchDeviceAlerts.Condition("acme", "d1", "1.17", 1234).Name, Is.EqualTo("alert-1.17-1234"), "no error's name says this");
        Assert.That(WatchDeviceAlerts.Condition("acme", "d2", "1.17", 8), Is.Not.EqualTo(Jam), "another device");
    });

    [Test]
    public void Every_code_stands_for_an_error_that_rings()
    {
        var named = Enumerable.Range(0, 40_000).Select(SameError.Of).OfType<string>().ToList();
        Assert.That(named, Has.Count.EqualTo(12).And.All.Matches<string>(name => DeviceError.Of(name) is not null));
    }

    [Test]
    public void A_warning_row_neither_rings_nor_ends_what_the_status_says()
    {
        var warning = new DeviceAlertRaised("acme", "d1", "1.17", "warning", "mediaPath", 1, 8, "", Minute(1));
        Assert.That(WatchDeviceAlerts.Evidence(warning), Is.Null);
        Assert.That(Told(Hear(Bit(0), NoRow(2))), Is.EqualTo(new[] { "raised 1 critical" }));
    }

    [Test]
    public void The_alert_names_both_words_once_each()
    {
        var row = new List<AlertEvent>(Hear(Bit(0), Row(0), Bit(1), Row(2, "1.18"))).Aggregate((AlertRow?)null, (known, e) => Alerts.Alerts.Evolve(known, new EventStore.Event<AlertEvent>(e), "id"))!;
        Assert.That(row.Evidence.Select(e => (e.Source, e.Summary)), Is.EqualTo(new[] { ("status", "Paper jam"), ("row-1.17", "Jam in tray 2"), ("row-1.18", "Jam in tray 2") }));
    }

    [Test]
    public void Whatever_the_order_and_however_often_nothing_stays_open_that_all_words_showed_over() => Assert.That(WrongEndings(Weigh.Decide), Is.Empty);

    [Test]
    public void That_check_finds_a_decision_that_forgets_what_each_word_said_last() =>
        Assert.That(WrongEndings((evidence, of, at, alert) => Weigh.Decide(evidence, of, at, alert with { Words = alert.Words.Clear() })), Is.Not.Empty);

    [Test]
    public void To_take_one_word_for_the_other_would_end_a_jam_whose_row_is_still_there() =>
        Assert.That(Told(Hear(Bit(0), (((Evidence.Holds)Row(0).Item1) with { Source = null }, Minute(0)), NoBit(1))).Last(), Is.EqualTo("resolved by device"));

    private static readonly AlertEvent ByAna = new AlertEvent.Resolved(AlertId.Of("acme", "d1", "error-jammed", 1), "d1", "error-jammed", "ana", null, Minute(1));

    // Three words, each with a story of its own, shuffled, some twice. Open if the newest word of all holds, quiet if every word's newest is over.
    private static List<string> WrongEndings(Func<Evidence?, Condition, DateTimeOffset, Alert, IReadOnlyList<AlertEvent>> decide)
    {
        var wrong = new List<string>();
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var said = new[] { null, "row-1.17", "row-1.18" }.SelectMany((source, word) => Enumerable.Range(0, random.Next(1, 6))
                .Select(minute => (Evidence: Word(source, holds: random.Next(2) == 0), At: Minute((minute * 3) + word)))).ToList();
            var arriving = said.Concat(said.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(arriving);
            var alert = Alert.Quiet;
            foreach (var (evidence, at) in arriving)
                alert = decide(evidence, Jam, at, alert).Aggregate(alert, Alert.Evolve);

            var last = said.MaxBy(s => s.At);
            var allOver = said.GroupBy(s => s.Evidence.Source).All(word => word.MaxBy(s => s.At).Evidence is Evidence.Over);
            var open = alert.Status is not AlertStatus.Quiet;
            if ((last.Evidence is Evidence.Holds && !open) || (allOver && open))
                wrong.Add($"seed {seed}: {(open ? "open" : "quiet")}");
        }
        return wrong;
    }

    private static Evidence Word(string? source, bool holds) => holds ? new Evidence.Holds("critical", "Paper jam") { Source = source } : new Evidence.Over { Source = source };

    private static (Evidence, DateTimeOffset) Bit(int minute) => (DeviceError.Of("jammed")!, Minute(minute));

    private static (Evidence, DateTimeOffset) NoBit(int minute) => (new Evidence.Over(), Minute(minute));

    private static (Evidence, DateTimeOffset) Row(int minute, string index = "1.17") =>
        (WatchDeviceAlerts.Evidence(new DeviceAlertRaised("acme", "d1", index, "critical", "mediaPath", 1, 8, "Jam in tray 2", Minute(minute)))!, Minute(minute));

    private static (Evidence, DateTimeOffset) NoRow(int minute, string index = "1.17") =>
        (WatchDeviceAlerts.Evidence(new DeviceAlertCleared("acme", "d1", index, 8, Minute(minute))), Minute(minute));

    private static List<AlertEvent> Hear(params (Evidence, DateTimeOffset)[] said) => Hear([], said);

    private static List<AlertEvent> Hear(IEnumerable<AlertEvent> history, params (Evidence Evidence, DateTimeOffset At)[] said)
    {
        var all = history.ToList();
        var before = all.Count;
        foreach (var (evidence, at) in said)
            all.AddRange(Weigh.Decide(evidence, Jam, at, After([.. all])));
        return all[before..];
    }
}
