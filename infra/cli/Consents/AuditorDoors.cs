using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Consents;

/// <summary>How the auditor reaches the two databases: logins that may read events, and nothing else (see <see cref="Databases"/>). Written by <c>./fleet up</c>, for its owner only.</summary>
public sealed record AuditorDoors(string Consent, string Telemetry)
{
    public static void Write(StateDirectory directory, IReadOnlyList<ServiceDatabase> databases)
    {
        string Of(string service) => databases.Single(database => database.Service == service).Auditor!;
        PrivateFile.Write(FileOf(directory), JsonSerializer.Serialize(new AuditorDoors(Of("consent"), Of("telemetry"))) + "\n");
    }

    public static AuditorDoors Read(StateDirectory directory) => File.Exists(FileOf(directory))
        ? JsonSerializer.Deserialize<AuditorDoors>(File.ReadAllText(FileOf(directory)))!
        : throw new FleetException("No auditor's login", FileOf(directory), "this system was started by an older ./fleet; start it again with ./fleet up");

    private static string FileOf(StateDirectory directory) => Path.Combine(directory.Secrets, "auditors.json");
}
