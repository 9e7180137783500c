using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.Agent.Supervising;

/// <summary>
/// The agent is a guest on somebody's machine: twice a minute it gives back what it does not need at that moment. Left alone, the collector keeps the pages a burst of reads has filled, and the C library what the
/// compiler used; and of the program's file those pages stay resident that only the compiler reads, once a method. A collection of some ten megabytes takes a few hundredths of a second, and a page that is needed
/// again is mapped again.
/// </summary>
internal static class GiveBack
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Until stopped.</summary>
    public static async Task RunAsync(TimeProvider clock, CancellationToken stop)
    {
        using var turns = new PeriodicTimer(Every, clock);
        try
        {
            while (await turns.WaitForNextTickAsync(stop)) Now();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public static void Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
            if (Environment.ProcessPath is { } program)
                foreach (var (from, length) in Shared(File.ReadLines("/proc/self/maps"), program)) _ = Advise(from, length, DontNeed);
        }
        catch (Exception other) when (other is EntryPointNotFoundException or DllNotFoundException or IOException)
        {
            // another C library than glibc, or no /proc: less is given back
        }
    }

    /// <summary>
    /// Where a file is mapped to be read and shared: what is dropped there is in the file. (Private mappings are left alone: some hold what the loader wrote into them.) Lines as proc(5) has them:
    /// <c>7f89f9165000-7f89f941a000 r--s 00a1c000 08:01 393225 /opt/fleet-agent/fleet-agent</c>.
    /// </summary>
    internal static IEnumerable<(nint From, nuint Length)> Shared(IEnumerable<string> maps, string file) =>
        from line in maps
        let words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)
        where words.Length == 6 && words[1] == "r--s" && words[5] == file
        let ends = words[0].Split('-')
        let begin = nint.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        select (begin, (nuint)(nint.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - begin));

    private const int DontNeed = 4;     // MADV_DONTNEED

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint keep);

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint from, nuint length, int advice);
}
