// stream seats/{tenant}/{month} -> SeatMonths -> GET /licences
using Fleet.EventStore;

namespace Fleet.Licensing.Seats;

public sealed record SeatMonthRow(string Month, long Taken);

public static class SeatMonths
{
    public static readonly View<SeatMonthRow> View = new("seat_months", 1,
        keys: e => e.Data is SeatEvent.SeatTaken taken ? [taken.Month] : [],
        evolve: (row, e, _) => e.Data is SeatEvent.SeatTaken taken ? new(taken.Month, taken.Seats) : row);
}
