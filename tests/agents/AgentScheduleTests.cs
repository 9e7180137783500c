using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Agent.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>When what is due: intervals and cron expressions, each device in its own place, over years, late visits, outages and changed clocks.</summary>
public class AgentScheduleTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);
    private static readonly DateTimeZone Vienna = DateTimeZoneProviders.Tzdb["Europe/Vienna"];
    private static readonly TimeZoneInfo ViennaOfTheSystem = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    private static readonly Gen<TimeSpan> Intervals = Gen.Elements(5, 60, 90, 900, 3600, 5400, 86400, 172800).Select(seconds => TimeSpan.FromSeconds(seconds));
    private static readonly Gen<double> Places = Gen.Choose(0, 999_999).Select(n => n / 1_000_000.0);

    // How late visits are, in parts of the interval: mostly a little, now and then an outage of several.
    private static readonly Gen<double[]> Lateness = Gen.Frequency((9, Gen.Choose(0, 900).Select(n => n / 1000.0)), (1, Gen.Choose(1000, 7000).Select(n => n / 1000.0))).ArrayOf(200);

    [Test]
    public void Over_any_interval_no_visit_is_early_no_two_are_in_one_turn_nothing_drifts_and_nothing_is_made_up_for() =>
        Prop.ForAll((from every in Intervals from place in Places from late in Lateness select (every, place, late)).ToArbitrary(), one =>
        {
            Schedule schedule = one.every;
            var behind = schedule.Spread * one.place;
            var (now, last) = (Noon, Noon);
            for (var visit = 0; now < Noon + Year; visit++)
            {
                var due = schedule.After(now, Noon, behind);
                Assert.That(due, Is.GreaterThan(now).And.LessThanOrEqualTo(now + one.every + behind), "the first turn from now on");
                Assert.That((due - Noon - behind).Ticks % one.every.Ticks, Is.Zero, "a turn lies on the hours agreed, also after a year");
                Assert.That(due - last, Is.GreaterThanOrEqualTo(one.every), "never early, never two in one turn");
                last = due;
                now = due + (one.every * one.late[visit % one.late.Length]);
                if (visit > 400) now += one.every * 997;     // through the year in bounded time
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Over_any_cadence_an_agenda_visits_each_kind_once_a_turn() =>
        Prop.ForAll((from status in Intervals from supplies in Intervals from meters in Intervals from place in Places from late in Lateness select (status, supplies, meters, place, late)).ToArbitrary(), one =>
        {
            var every = new Cadence(one.meters, one.supplies, one.status);
            var agenda = Agenda.From(Noon, one.place);
            Assert.That(agenda.Due(Noon), Is.EqualTo(Look.Everything), "the first look is at once");
            DateTimeOffset now = Noon, supplies = Noon, meters = Noon;
            for (var visit = 0; visit < 300; visit++)
            {
                var look = agenda.Due(now);
                var begun = agenda;
                now += one.status * (one.late[visit % one.late.Length] / 10);
                agenda = agenda.After(look, now, every);
                if (look.HasFlag(Look.Supplies) && visit > 0) supplies = Once(supplies, begun.Supplies, one.supplies);
                if (look.HasFlag(Look.Meters) && visit > 0) meters = Once(meters, begun.Meters, one.meters);
                Assert.That(agenda.Status, Is.GreaterThan(now).And.LessThanOrEqualTo(now + one.status + (one.status / 10)), "status is looked at each turn");
                now = agenda.Next > now ? agenda.Next : now;
            }

            DateTimeOffset Once(DateTimeOffset last, DateTimeOffset due, TimeSpan interval)
            {
                Assert.That(now, Is.GreaterThanOrEqualTo(due), "never early");
                Assert.That(due - last, Is.GreaterThanOrEqualTo(interval), "never two in one turn");
                return due;
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_daily_cron_expression_has_one_run_a_day_in_the_sites_time_zone_also_when_the_clocks_change() =>
        Prop.ForAll((from hour in Gen.Choose(0, 23) from minute in Gen.Choose(0, 59) from place in Places select (hour, minute, place)).ToArbitrary(), one =>
        {
            var cron = Cron($"{one.minute} {one.hour} * * *");
            var behind = cron.Spread * one.place;
            var runs = Runs(cron, behind, At(2026, 1, 1, 0, 0), At(2027, 1, 1, 0, 0)).ToList();
            Assert.That(runs.Select(run => TimeZoneInfo.ConvertTime(run - behind, ViennaOfTheSystem).Date).Distinct().Count(), Is.EqualTo(365));
            Assert.That(runs, Has.Count.EqualTo(365));
            foreach (var run in runs)
            {
                var local = TimeZoneInfo.ConvertTime(run - behind, ViennaOfTheSystem);
                Assert.That((local.Hour, local.Minute), Is.EqualTo(local.Date == new DateTime(2026, 3, 29) && one.hour == 2 ? (3, 0) : (one.hour, one.minute)), $"{run:u}");
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Any_cron_expression_of_minutes_and_hours_runs_at_exactly_the_minutes_it_names() =>
        Prop.ForAll((from hours in Gen.Choose(0, 23).NonEmptyListOf() from minutes in Gen.Choose(0, 59).NonEmptyListOf() select (Hours: hours.ToHashSet(), Minutes: minutes.ToHashSet())).ToArbitrary(), one =>
        {
            // The days around both changes, minute by minute, by the system's own idea of the zone.
            foreach (var from in new[] { At(2026, 3, 28, 0, 0), At(2026, 10, 24, 0, 0) })
            {
                var wanted = new SortedSet<DateTimeOffset>();
                for (var local = TimeZoneInfo.ConvertTime(from, ViennaOfTheSystem).DateTime; local < TimeZoneInfo.ConvertTime(from.AddDays(3), ViennaOfTheSystem).DateTime; local = local.AddMinutes(1))
                    if (one.Hours.Contains(local.Hour) && one.Minutes.Contains(local.Minute)) wanted.Add(InstantOf(local));
                var cron = Cron($"{string.Join(',', one.Minutes)} {string.Join(',', one.Hours)} * * *");
                Assert.That(Runs(cron, TimeSpan.Zero, from.AddSeconds(-1), from.AddDays(3).AddSeconds(-1)), Is.EqualTo(wanted.Where(run => run < from.AddDays(3))), ((Schedule.Cron)cron).Text);
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void An_hour_that_does_not_exist_and_one_that_exists_twice_give_one_run()
    {
        var cron = Cron("30 2 * * *");
        Assert.That(Runs(cron, TimeSpan.Zero, At(2026, 3, 28, 12, 0), At(2026, 3, 30, 12, 0)), Is.EqualTo(new[] { At(2026, 3, 29, 1, 0), At(2026, 3, 30, 0, 30) }), "02:30 is when the clock goes to 03:00");
        Assert.That(Runs(cron, TimeSpan.Zero, At(2026, 10, 24, 12, 0), At(2026, 10, 26, 12, 0)), Is.EqualTo(new[] { At(2026, 10, 25, 0, 30), At(2026, 10, 26, 1, 30) }), "02:30 the first time");
        Assert.That(Runs(Cron("*/20 2 * * *"), TimeSpan.Zero, At(2026, 3, 28, 12, 0), At(2026, 3, 29, 12, 0)), Is.EqualTo(new[] { At(2026, 3, 29, 1, 0) }));
        Assert.That(Runs(cron.In(DateTimeZone.Utc), TimeSpan.Zero, At(2026, 3, 28, 12, 0), At(2026, 3, 29, 12, 0)), Is.EqualTo(new[] { At(2026, 3, 29, 2, 30) }), "and in UTC nothing of the kind");
    }

    [Test]
    public void Ten_thousand_devices_are_spread_over_a_tenth_of_the_interval_and_at_most_five_minutes()
    {
        var places = Enumerable.Range(0, 10_000).Select(n => Place.Of(Target.NameOf($"10.0.{n >> 8}.{n & 255}:161/public", [1, 2, 3]))).ToList();
        foreach (var (schedule, spread) in new[] { ((Schedule)TimeSpan.FromHours(1), 300), (TimeSpan.FromDays(1), 300), (TimeSpan.FromMinutes(15), 90), (Cron("0 6 * * *"), 300), (Cron("*/15 * * * *"), 90) })
        {
            var turns = places.Select(place => schedule.After(Noon, Noon, schedule.Spread * place)).ToList();
            Assert.That(schedule.Spread, Is.EqualTo(TimeSpan.FromSeconds(spread)), $"{schedule}");
            Assert.That(turns.Max() - turns.Min(), Is.InRange(schedule.Spread * 0.99, schedule.Spread));
            Assert.That(MostInOneSecond(turns), Is.LessThan(10_000 / spread * 2), $"{schedule}");
        }
        Assert.That(MostInOneSecond([.. places.Select(_ => ((Schedule)TimeSpan.FromHours(1)).After(Noon, Noon, TimeSpan.Zero))]), Is.EqualTo(10_000), "without places it is one second");
    }

    [Test]
    public void A_place_stays_and_is_another_one_for_another_agent()
    {
        Assert.That(Place.Of("t1"), Is.EqualTo(0.3849378733430058).Within(1e-12), "from the name's SHA-256 and nothing else: the same after a restart");
        var (here, there) = (Target.Of(new("192.0.2.7"), [1]), Target.Of(new("192.0.2.7"), [2]));
        Assert.That(Place.Of(here.Name), Is.Not.EqualTo(Place.Of(there.Name)));
    }

    [Test]
    public void A_look_at_the_meters_falls_on_a_look_at_the_status()
    {
        var every = new Cadence(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1));
        foreach (var place in new[] { 0, 0.1, 0.5, 0.77, 0.999 })
        {
            var agenda = Agenda.From(Noon, place).After(Look.Everything, Noon.AddSeconds(9), every);
            Assert.That((agenda.Meters - agenda.Status).Ticks % TimeSpan.TicksPerMinute, Is.Zero);
            Assert.That((agenda.Supplies - agenda.Status).Ticks % TimeSpan.TicksPerMinute, Is.Zero);
            Assert.That(agenda.Meters - Noon, Is.InRange(TimeSpan.FromHours(1), TimeSpan.FromMinutes(65)));
        }
    }

    [TestCase("0 6 * *", "metersEvery: '0 6 * *' is no duration such as 30s, 15m, 1h or 1d, and as a cron expression it has 4 fields, not 5")]
    [TestCase("61 6 * * *", "61")]
    [TestCase("0 25 * * *", "25")]
    [TestCase("0 6 * XYZ *", "XYZ")]
    [TestCase("0 6 1 * MON", "says both day of month (1) and day of week (MON)")]
    [TestCase("0 0 31 2 *", "never comes")]
    [TestCase("* * * * * *", "has 6 fields")]
    [TestCase("", "has 0 fields")]
    [TestCase("0s", "has 1 fields")]
    public void A_wrong_schedule_is_named_by_field_and_word(string text, string says)
    {
        var wrong = Assert.Throws<ConfigException>(() => Read($"\"metersEvery\": \"{text}\""));
        Assert.That(wrong!.Message, Does.StartWith("metersEvery: ").And.Contain(says).And.Not.Contain("\n"));
    }

    [Test]
    public void A_schedule_has_the_sites_time_zone_and_a_wrong_one_is_named()
    {
        var config = Read("\"metersEvery\": \"0 6 * * MON-FRI\", \"discoverEvery\": \"30 1 * * *\", \"timeZone\": \"Europe/Vienna\"");
        Assert.That(config.Cadence.Meters.After(At(2026, 7, 3, 12, 0), Noon, TimeSpan.Zero), Is.EqualTo(At(2026, 7, 6, 4, 0)), "Friday noon to Monday six in Vienna's summer");
        Assert.That(config.DiscoveryEvery.After(At(2026, 1, 1, 12, 0), Noon, TimeSpan.Zero), Is.EqualTo(At(2026, 1, 2, 0, 30)));
        Assert.That(Assert.Throws<ConfigException>(() => Read("\"timeZone\": \"Vienna\""))!.Message, Is.EqualTo("timeZone: 'Vienna' is no time zone such as Europe/Vienna (IANA)"));
    }

    private static AgentConfig Read(string more) => ReadConfig.Parse($$"""
        { "tenant": "acme", "site": "hq", "agentId": "acme-hq", "broker": { "host": "localhost" }, "tokenUrl": "http://127.0.0.1/t", "clientId": "acme-hq", "secretFile": "/s", "stateDir": "/st", {{more}} }
        """);

    private static Schedule Cron(string text) => Read($"\"metersEvery\": \"{text}\", \"timeZone\": \"Europe/Vienna\"").Cadence.Meters;

    private static DateTimeOffset At(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, TimeSpan.Zero);

    private static IEnumerable<DateTimeOffset> Runs(Schedule schedule, TimeSpan behind, DateTimeOffset from, DateTimeOffset to)
    {
        for (var run = schedule.After(from, from, behind); run < to; run = schedule.After(run, from, behind)) yield return run;
    }

    private static DateTimeOffset InstantOf(DateTime local) =>
        ViennaOfTheSystem.IsInvalidTime(local) ? new DateTimeOffset(local.Date.AddHours(3), TimeSpan.FromHours(2))
        : ViennaOfTheSystem.IsAmbiguousTime(local) ? new DateTimeOffset(local, TimeSpan.FromHours(2))
        : new DateTimeOffset(local, ViennaOfTheSystem.GetUtcOffset(local));

    private static int MostInOneSecond(IReadOnlyList<DateTimeOffset> turns) => turns.CountBy(turn => turn.ToUnixTimeSeconds()).Max(second => second.Value);
}
