using Fleet.Defaults;
using Fleet.Licensing.Licences;
using Fleet.Licensing.Seats;

namespace Fleet.Licensing;

/// <summary>What was bought, and who takes seats of it.</summary>
public static class Licensing
{
    public static readonly Module Module = new("licensing")
    {
        Streams = [Licence.Stream, SeatMonth.Stream, AccessRefusals.Stream],
        Views = [Licences.Licences.View, SeatMonths.View],
        Tables = [TenantAccess.Table],
        Consumers = [TakeSeatsConsumers.Readings, TakeSeatsConsumers.Devices, .. TenantAccess.Consumers],
        Announcements = [AnnounceSeat.Announcement, AccessRefusals.Announcement],
        Routes = [GrantLicenceRoute.Map, LicenceRoutes.Map],
    };
}
