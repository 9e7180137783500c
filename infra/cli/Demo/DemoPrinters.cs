using System.Globalization;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Demo;

/// <summary>The virtual printers of the demo: two of three are acme's, one is globex'.</summary>
public static class DemoPrinters
{
    public const string Split = "acme:2,globex:1";

    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" };

    public static string[] Arguments(UpRequest request, PortPlan ports, StateDirectory directory) =>
    [
        "run", "--printers", Text(request.Printers), "--seed", Text(request.Seed), "--port", Text(ports.Snmp), "--tenant-split", Split, "--troubles", "8", "--manifest", directory.Manifest
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
