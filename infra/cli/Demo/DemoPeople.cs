using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>
/// People of the demo's roles, invited through the API as anyone would be, each with a password of its own in a file nobody else may read. Who has come already is left alone.
/// </summary>
public static class DemoPeople
{
    public const string Domain = "demo.example";

    /// <summary>An integrator is a program; all others sign in.</summary>
    public static IEnumerable<DemoClient> All => DemoClient.People.Where(client => client.Role != "integrator");

    public static string EmailOf(DemoClient person) => $"{person.ClientId}@{Domain}";

    public static async Task InviteAsync(StateDirectory directory, string url, Action<string> say, CancellationToken stop)
    {
        foreach (var house in All.GroupBy(person => (person.Provider, person.Tenant)))
        {
            using var admin = await FleetApi.AsAsync(url, directory, house.First(person => person.Role.EndsWith("-admin", StringComparison.Ordinal) || person.Role == "platform-operator").ClientId, stop);
            var there = (await admin.GetAsync("/api/v1/people?limit=1000", stop))["items"]!.AsArray().Where(one => one!["stage"]!.GetValue<string>() != "invited").Select(one => one!["email"]?.GetValue<string>()).ToHashSet();
            foreach (var person in house.Where(person => !there.Contains(EmailOf(person))))
            {
                say($"demo: {EmailOf(person)} may sign in");
                await InviteAsync(admin, person, PrivateFile.ReadOrCreate(directory.PasswordOf(person.ClientId), Secret.NewPassword), stop);
            }
        }
    }

    private static async Task InviteAsync(FleetApi admin, DemoClient person, string password, CancellationToken stop)
    {
        var invited = await admin.PostAsync("/api/v1/people", new { name = $"Demo {person.ClientId}", email = EmailOf(person), role = person.Role }, $"demo-person-{person.ClientId}", stop);
        await admin.PostAsync("/api/v1/invitations/accept", new { invitation = TokenOf(invited), password }, $"demo-accept-{person.ClientId}", stop);
    }

    private static string TokenOf(JsonNode invited) => invited["link"]!.GetValue<string>().Split("token=")[1];
}
