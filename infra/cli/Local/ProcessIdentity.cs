using System.Globalization;

namespace Fleet.Cli.Local;

/// <summary>
/// A process that cannot be mistaken for another: the pid, and the moment the kernel gave it out.
/// <c>Started</c> is "{boot id}:{clock ticks since boot}" (proc(5), field 22 of /proc/PID/stat), so a recycled pid never matches, across reboots included.
/// </summary>
public sealed record ProcessIdentity(int Pid, string Started)
{
    public static ProcessIdentity? Of(int pid) => StartedOf(pid) is { } started ? new(pid, started) : null;

    public bool IsAlive => StartedOf(Pid) == Started;

    private static string? StartedOf(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (IOException)
        {
            return null; // gone, also while we were reading
        }

        // The second field is the name in brackets and may itself hold blanks and brackets.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        const int state = 0, startTime = 19;
        return fields[state] is "Z" or "X" ? null : $"{BootId.Value}:{fields[startTime]}";
    }

    private static readonly Lazy<string> BootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
}
