namespace Fleet.Alerting.Alerts;

/// <summary>How urgent: <c>warning</c> can wait for the next visit, <c>critical</c> stops the device now or very soon.</summary>
public static class Severity
{
    public const string Warning = "warning", Critical = "critical";

    public static bool IsWorse(string severity, string? than) =>
        Rank(severity) > Rank(than);

    private static int Rank(string? severity) => severity switch { Critical => 2, Warning => 1, _ => 0 };
}
