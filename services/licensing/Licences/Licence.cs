using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Licensing.Licences;

/// <summary>Stream <c>licence/{tenant}</c>: what was bought.</summary>
public abstract record LicenceEvent
{
    /// <param name="Seats">Devices that may report in a calendar month.</param>
    /// <param name="MaintenanceUntil">Last day of maintenance.</param>
    /// <param name="CustomerReference">The customer's own number for it: an order, a contract.</param>
    /// <param name="By">The token's subject.</param>
    public sealed record LicenceGranted(
        string TenantId, long Seats, IReadOnlyList<string> Features, DateOnly MaintenanceUntil, string CustomerReference, string By, DateTimeOffset At) : LicenceEvent;
}

/// <param name="Current">The latest grant; it replaces the one before, whole.</param>
public sealed record Licence(LicenceEvent.LicenceGranted? Current)
{
    public static readonly Licence None = new((LicenceEvent.LicenceGranted?)null);

    public static readonly StreamType<Licence, LicenceEvent> Stream = new("licence", None, Evolve)
    {
        Events = { ["licence_granted"] = typeof(LicenceEvent.LicenceGranted) },
    };

    public static string Key(string tenant) => $"licence/{tenant}";

    public static Licence Evolve(Licence licence, LicenceEvent e) => e switch
    {
        LicenceEvent.LicenceGranted granted => new(granted),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}
