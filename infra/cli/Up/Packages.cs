using Fleet.Cli.Local;

namespace Fleet.Cli.Up;

/// <summary>Debian packages, when we are root or may become it without a password.</summary>
public static class Packages
{
    private const string Policy = "/usr/sbin/policy-rc.d";

    public static async Task<bool> CanInstallAsync() =>
        File.Exists("/usr/bin/apt-get") && (Environment.IsPrivilegedProcess || await Shell.OutputAsync("sudo", "-n", "true") is not null);

    /// <summary>Installs without starting the packages' own services: ours are private instances.</summary>
    public static async Task InstallAsync(IReadOnlyList<string> packages, Action<string> progress)
    {
        progress($"installing {string.Join(", ", packages)} (apt-get)");
        await RunAsync("apt-get", "update", "-q");
        // Debian's own switch (invoke-rc.d): exit code 101 forbids the start of services. Only ours to remove when we made it.
        var ours = !File.Exists(Policy);
        if (ours)
            await RunAsync("sh", "-c", $"printf '#!/bin/sh\\nexit 101\\n' > {Policy} && chmod +x {Policy}");
        try
        {
            await RunAsync(["apt-get", "install", "-y", "-q", "--no-install-recommends", .. packages]);
        }
        finally
        {
            if (ours)
                await RunAsync("rm", "-f", Policy);
        }
    }

    private static async Task RunAsync(params string[] words)
    {
        string[] all = Environment.IsPrivilegedProcess ? words : ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", .. words];
        var (code, output) = await Shell.RunAsync(all, new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" });
        if (code != 0)
            throw new FleetException("Packages cannot be installed", string.Join(' ', words.Take(2)),
                output.Split('\n').FirstOrDefault(line => line.StartsWith("E:", StringComparison.Ordinal)) ?? output);
    }
}
