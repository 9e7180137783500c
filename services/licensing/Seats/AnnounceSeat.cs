using Fleet.Contracts.Licensing.V1;
using Fleet.Defaults;

namespace Fleet.Licensing.Seats;

/// <summary>stored seat_taken -> Licensing.V1.SeatTaken</summary>
public static class AnnounceSeat
{
    public static readonly Announcement Announcement = Announcement.Of<SeatEvent.SeatTaken, SeatTaken>(e => Translate(e.TenantId, e.Data));

    public static SeatTaken Translate(string tenant, SeatEvent.SeatTaken taken) =>
        new(tenant, taken.DeviceId, taken.Month, checked((int)taken.Seats), taken.At);
}
