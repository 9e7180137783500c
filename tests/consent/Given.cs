using Fleet.Consent.Consents;

namespace Fleet.Consent.Tests;

/// <summary>The words these tests are written in: minutes after noon, a history, what a decision says to it.</summary>
internal static class Given
{
    public const string By = "anna";
    public static readonly ConsentText[] Texts = [new("1", "en", "abc", "text"), new("1", "de", "def", "Text")];

    public static DateTimeOffset Noon { get; } = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(int minutes) => Noon.AddMinutes(minutes);

    public static TenantConsent History(params ConsentEvent[] events) => events.Aggregate(TenantConsent.None, TenantConsent.Evolve);

    public static ConsentEvent Granted(int at, params string[] purposes) => new ConsentEvent.Granted(purposes, [], [], By, At(at), At(at), "1", "abc", null);

    public static ConsentEvent Withdrawn(int at, params string[] purposes) => new ConsentEvent.Withdrawn(purposes, [], [], By, At(at), null);
}
