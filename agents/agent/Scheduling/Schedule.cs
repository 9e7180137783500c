using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using NCrontab;
using NodaTime;
using NodaTime.TimeZones;

namespace Fleet.Agent.Scheduling;

/// <summary>
/// When something is due: every so often from when it began, or at the times of a cron expression. Each device keeps a place of its own behind those times, so that ten thousand of them are
/// not asked in one second, nor a thousand agents heard on the full hour. Pure.
/// </summary>
[JsonConverter(typeof(ScheduleJson))]
public abstract record Schedule
{
    private static readonly TimeSpan WidestSpread = TimeSpan.FromMinutes(5);

    private Schedule()
    {
    }

    /// <summary>How far apart places may lie: a tenth of the time between two turns, at most five minutes.</summary>
    public abstract TimeSpan Spread { get; }

    /// <summary>The first turn after a moment. Turns follow from when it began and never from each other: nothing drifts, and what was missed is not made up for.</summary>
    /// <param name="begin">When it was done for the first time; that was no turn but a beginning.</param>
    /// <param name="behind">The place kept behind each turn, 0 to <see cref="Spread"/>.</param>
    public abstract DateTimeOffset After(DateTimeOffset now, DateTimeOffset begin, TimeSpan behind);

    /// <summary>The same, where it has hours of the day in this time zone.</summary>
    public virtual Schedule In(DateTimeZone zone) => this;

    public static implicit operator Schedule(TimeSpan every) => new Interval(every);

    private static TimeSpan SpreadOf(TimeSpan turns) => turns / 10 is var tenth && tenth < WidestSpread ? tenth : WidestSpread;

    public sealed record Interval(TimeSpan Every) : Schedule
    {
        public override TimeSpan Spread => SpreadOf(Every);

        public override DateTimeOffset After(DateTimeOffset now, DateTimeOffset begin, TimeSpan behind) =>
            begin + behind + (Every * Math.Max(1, Math.Floor((now - begin - behind) / Every) + 1));
    }

    /// <param name="Text">Five fields: minute, hour, day of month, month, day of week.</param>
    /// <param name="Closest">The shortest time between two turns.</param>
    public sealed record Cron(string Text, TimeSpan Closest, DateTimeZone Zone) : Schedule
    {
        // An hour that does not exist gives one turn, when the clock has been put forward; an hour that exists twice gives one, the first time.
        private static readonly ZoneLocalMappingResolver Once = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

        private readonly CrontabSchedule times = CrontabSchedule.Parse(Text);

        public override TimeSpan Spread => SpreadOf(Closest);

        public override DateTimeOffset After(DateTimeOffset now, DateTimeOffset begin, TimeSpan behind)
        {
            var after = Instant.FromDateTimeOffset(now - behind);
            for (var local = after.InZone(Zone).ToDateTimeUnspecified(); ;)
            {
                local = times.GetNextOccurrence(local);
                var turn = Zone.ResolveLocal(LocalDateTime.FromDateTime(local), Once).ToInstant();
                if (turn > after) return turn.ToDateTimeOffset() + behind;
            }
        }

        public override Schedule In(DateTimeZone zone) => this with { Zone = zone };

        public bool Equals(Cron? other) => other is not null && Text == other.Text && Zone.Equals(other.Zone);

        public override int GetHashCode() => HashCode.Combine(Text, Zone);
    }
}
