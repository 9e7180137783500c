using System.Globalization;
using NCrontab;
using NodaTime;

namespace Fleet.Agent.Scheduling;

/// <summary>A cron expression as written → <see cref="Schedule.Cron"/>, or what is wrong with it.</summary>
internal static class ReadCron
{
    // 28 years: after so many the calendar repeats, and no expression that has a turn at all has none in them. Any begin would do.
    private static readonly DateTime Begin = new(2001, 1, 1), End = new(2029, 1, 1);

    private const int Looked = 200;

    /// <summary>Null and a fault that names the word when it is none.</summary>
    public static (Schedule.Cron? Cron, string? Fault) From(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) return (null, string.Create(CultureInfo.InvariantCulture, $"has {fields.Length} fields, not 5"));
        if (fields[2] != "*" && fields[4] != "*")
            return (null, $"says both day of month ({fields[2]}) and day of week ({fields[4]}); cron programs differ in whether one or both must hold");
        var (times, fault) = CrontabSchedule.TryParse(text, read => (read, ""), wrong => ((CrontabSchedule?)null, $"does not hold: {wrong().Message.TrimEnd('.')}"));
        if (times is null) return (null, fault);
        var turns = times.GetNextOccurrences(Begin, End).Take(Looked).ToList();
        if (turns.Count == 0) return (null, "never comes");
        // One turn in 28 years lies far from the next.
        var closest = turns.Zip(turns.Skip(1), (one, next) => next - one).DefaultIfEmpty(End - Begin).Min();
        return (new(string.Join(' ', fields), closest, DateTimeZone.Utc), null);
    }
}
