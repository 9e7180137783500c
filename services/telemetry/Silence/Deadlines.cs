using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Fleet.Telemetry.Silence;

/// <summary>
/// How long nobody needs to speak. An agent tells of its health every five minutes, and of each device's meters at least once a UTC day:
/// this much of its schedule is in the contract; what a site has set beyond it does not leave the site.
/// </summary>
/// <param name="Agent">After its last batch. <c>FLEET_SILENCE_AGENT</c>, usually 15 minutes.</param>
/// <param name="Device">After its last answer. <c>FLEET_SILENCE_DEVICE</c>, usually 26 hours.</param>
/// <param name="CatchUp">After Fleet itself was away, until what waited in spools has come: no device is called silent. <c>FLEET_SILENCE_CATCH_UP</c>, usually 2 hours; of agents it is their own deadline.</param>
/// <param name="Every">How often it is looked. <c>FLEET_SILENCE_EVERY</c>, usually a minute.</param>
public sealed record Deadlines(TimeSpan Agent, TimeSpan Device, TimeSpan CatchUp, TimeSpan Every)
{
    public static readonly Deadlines Usual = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(26), TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));

    /// <exception cref="InvalidOperationException">A setting is no time span.</exception>
    public static Deadlines Read(IConfiguration settings) => new(
        Of(settings, "FLEET_SILENCE_AGENT", Usual.Agent), Of(settings, "FLEET_SILENCE_DEVICE", Usual.Device),
        Of(settings, "FLEET_SILENCE_CATCH_UP", Usual.CatchUp), Of(settings, "FLEET_SILENCE_EVERY", Usual.Every));

    /// <summary>Since when it has been listened without a gap: a longer one than three looks is one.</summary>
    public DateTimeOffset ListeningSince(DateTimeOffset? lookedAt, DateTimeOffset since, DateTimeOffset now) =>
        lookedAt is { } last && now - last <= 3 * Every + TimeSpan.FromSeconds(5) ? since : now;

    private static TimeSpan Of(IConfiguration settings, string name, TimeSpan usual) => settings[name] is not { Length: > 0 } text ? usual
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero ? span
        : throw new InvalidOperationException($"{name} is '{text}'; it must be a time span above zero, such as 00:15:00 or 1.02:00:00 (a day and two hours).");
}
