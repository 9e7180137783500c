using System.Text.Json;

namespace Fleet.Defaults;

/// <summary>What a caller may do. A route names the one right it needs; a role is a set of them.</summary>
public enum Right
{
    ReadTenants,
    ManageTenants,
    ReadFleet,
    ReadMeters,
    ReadAlerts,
    ActOnAlerts,
    ReadConsents,
    ChangeConsents,
    ReadBilling,
    RunBilling,
    ReadLicences,
    ManageLicences,
    ReadEvents,
    ReadGrant,

    /// <summary>Pass on what somebody at an agent's machine gives or takes back.</summary>
    ConsentAtAgent,

    EnrolAgents,
    ChooseProvider,

    /// <summary>Invite, list, change, disable and erase people of one's own provider, tenant or platform; whom exactly, says identity's <c>ManagedPeople</c>.</summary>
    ManagePeople,

    /// <summary>Who was let in, refused, given or denied what in one's own provider, tenant or platform.</summary>
    ReadAudit,

    /// <summary>Say of a meter reading that it is not to be counted, or what it should have said.</summary>
    CorrectReadings,

    /// <summary>How the installation is: modules, dependencies, lag. Nothing of any customer.</summary>
    ReadHealth,

    /// <summary>Say which devices are one and which are two, and which are out of use.</summary>
    ManageDevices,

    /// <summary>Save reports under a name and have them delivered by themselves; each needs the right to what is in it as well.</summary>
    ManageReports,
}

/// <summary>Who may do what, in one table. A role that is not in it may do nothing.</summary>
public static class Rights
{
    private static readonly Dictionary<string, HashSet<Right>> ByRole = new()
    {
        ["provider-admin"] =
        [
            Right.ReadTenants, Right.ManageTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts, Right.ActOnAlerts, Right.ReadConsents,
            Right.ReadBilling, Right.RunBilling, Right.ReadLicences, Right.ManageLicences, Right.ReadEvents,
            Right.EnrolAgents, Right.ManagePeople, Right.ReadAudit, Right.ManageDevices, Right.CorrectReadings, Right.ManageReports,
        ],
        ["billing"] = [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadBilling, Right.RunBilling, Right.ReadLicences, Right.CorrectReadings, Right.ManageReports],
        ["technician"] = [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts, Right.ActOnAlerts, Right.EnrolAgents, Right.ManageDevices, Right.ManageReports],
        ["viewer"] = [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts],
        ["customer-admin"] =
            [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts, Right.ReadConsents, Right.ChangeConsents, Right.ReadBilling, Right.ReadLicences, Right.EnrolAgents, Right.ChooseProvider, Right.ManagePeople, Right.ReadAudit, Right.ManageDevices, Right.ManageReports],
        ["customer-viewer"] = [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts, Right.ReadConsents],
        [Integrator] = [Right.ReadTenants, Right.ReadFleet, Right.ReadMeters, Right.ReadAlerts, Right.ReadEvents, Right.ReadBilling],
        ["agent"] = [Right.ReadGrant, Right.ConsentAtAgent],
        ["platform-operator"] = [Right.ReadHealth, Right.ManagePeople, Right.ReadAudit],
    };

    public const string Integrator = "integrator";

    // Their token names one tenant: their own.
    private static readonly string[] OfCustomers = ["customer-admin", "customer-viewer", "agent"];

    public static bool IsOfCustomer(string role) => OfCustomers.Contains(role);

    public static IEnumerable<string> Roles => ByRole.Keys;

    public static bool Allow(string role, Right right) => ByRole.TryGetValue(role, out var rights) && rights.Contains(right);

    /// <summary>The right's word in a token's <c>scope</c>: <c>read-fleet</c>.</summary>
    public static string NameOf(Right right) => JsonNamingPolicy.KebabCaseLower.ConvertName(right.ToString());

    /// <summary>All of a role's rights as a <c>scope</c>, in the order of <see cref="Right"/>.</summary>
    public static string ScopeOf(string role) => string.Join(' ', Enum.GetValues<Right>().Where(right => Allow(role, right)).Select(NameOf));
}
