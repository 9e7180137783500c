namespace Fleet.Defaults;

/// <summary>What must stand before somebody who is not the customer reads a customer's data.</summary>
/// <param name="Feature">The tenant's consent to this feature; null: to none.</param>
/// <param name="AnyOf">The tenant's consent to one of these purposes, and a client that is registered for it; empty: to none.</param>
public sealed record Needed(string? Feature, IReadOnlyList<string> AnyOf)
{
    /// <summary>A provider's own directory: it sees whom it looks after, lets agents in, and reads what they allow.</summary>
    public static readonly Needed Nothing = new(null, []);

    public bool IsNothing => Feature is null && AnyOf.Count == 0;

    /// <returns>What of it is not allowed, in words; null when all is.</returns>
    public string? Missing(Allowed allowed) => (Feature is { } feature && !allowed.Features.Contains(feature), AnyOf.Count > 0 && !AnyOf.Any(allowed.Purposes.Contains)) switch
    {
        (true, true) => $"the feature '{Feature}' and the purpose {Words}",
        (true, false) => $"the feature '{Feature}'",
        (false, true) => $"the purpose {Words}",
        (false, false) => null,
    };

    public string Words => string.Join(" or ", AnyOf.Select(purpose => $"'{purpose}'"));
}

/// <summary>What a tenant allows a caller at this moment.</summary>
public sealed record Allowed(IReadOnlyCollection<string> Purposes, IReadOnlyCollection<string> Features)
{
    public static readonly Allowed Nothing = new([], []);
}

/// <summary>
/// Which right reads data under which consent, in one table beside <see cref="Rights"/>. It holds for a provider's people and for integrators; the customer's own people need nobody's consent.
/// </summary>
public static class Purposes
{
    public const string FleetManagement = "fleet-management", Billing = "billing", RemoteMonitoring = "remote-monitoring";

    private static readonly Needed Care = new(RemoteMonitoring, [FleetManagement]), Either = new(RemoteMonitoring, [FleetManagement, Billing]), Invoicing = new(null, [Billing]);

    /// <summary>A right that is not in the table needs a line here before anybody can use it.</summary>
    public static Needed Of(Right right) => right switch
    {
        Right.ReadFleet or Right.ReadAlerts or Right.ActOnAlerts or Right.ManageDevices => Care,
        Right.ReadMeters or Right.CorrectReadings or Right.ManageReports => Either,
        Right.ReadLicences or Right.ManageLicences => Either,
        Right.ReadEvents => Either,                             // each event then by its own type
        Right.ReadBilling or Right.RunBilling => Invoicing,
        Right.ReadTenants or Right.ManageTenants or Right.EnrolAgents or Right.ReadConsents => Needed.Nothing,
        Right.ManagePeople or Right.ReadAudit or Right.ReadHealth => Needed.Nothing,                               // no customer's data
        Right.ChangeConsents or Right.ChooseProvider or Right.ReadGrant or Right.ConsentAtAgent => Needed.Nothing,      // the customer's own and its agents' alone
        _ => throw new ArgumentOutOfRangeException(nameof(right), right, "no line says what consent this right needs"),
    };
}
