using NodaTime;
using NodaTime.TimeZones;

namespace Fleet.Agent.Scheduling;

/// <summary>IANA time zones as NodaTime brings them along: a container without tzdata knows them, too.</summary>
internal static class TimeZones
{
    public static DateTimeZone? Find(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    public static DateTimeZone OfThisSystem()
    {
        try
        {
            return DateTimeZoneProviders.Tzdb.GetSystemDefault();
        }
        catch (DateTimeZoneNotFoundException)
        {
            // A time zone without a name, such as a copied /etc/localtime.
            return BclDateTimeZone.ForSystemDefault();
        }
    }
}
