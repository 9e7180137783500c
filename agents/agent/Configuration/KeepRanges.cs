using System.Text.Json;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Configuration;

// configuration file <- ranges.json, where there is one -> the ranges that count -> DiscoverDevices

/// <summary>Which addresses are searched for devices: those of the configuration file, or those somebody at the site has written over it. The configuration file is never written.</summary>
public sealed class KeepRanges
{
    /// <param name="Until">Cancelled when another set takes its place.</param>
    private sealed record Counting(IReadOnlyList<RangeConfig> Ranges, bool IsOwn, CancellationTokenSource Until);

    private readonly Lock one = new();
    private readonly AgentConfig config;
    private readonly string file;
    private readonly AgentLog log;
    private volatile Counting now;

    private KeepRanges(AgentConfig config, AgentLog log) =>
        (this.config, this.log, file, now) = (config, log, FileOf(config), new(config.Ranges ?? [], IsOwn: false, new()));

    /// <summary>The ranges that count, and a token that is cancelled when they no longer do.</summary>
    public (IReadOnlyList<RangeConfig> Ranges, CancellationToken Until) Now
    {
        get
        {
            var counting = now;     // once: the ranges of one list with the end of the next would never end
            return (counting.Ranges, counting.Until.Token);
        }
    }

    /// <summary>True when they were written at the site and stand over the configuration file.</summary>
    public bool IsOwn => now.IsOwn;

    /// <summary>Why ranges.json is not followed; null when it is, or when there is none.</summary>
    public string? Trouble { get; private set; }

    /// <summary>A ranges.json that cannot be used searches nothing: it may have left out what the configuration file names.</summary>
    public static KeepRanges Load(AgentConfig config, AgentLog log)
    {
        var ranges = new KeepRanges(config, log);
        if (!File.Exists(ranges.file)) return ranges;
        try
        {
            ranges.now = ranges.now with { Ranges = ReadConfig.Ranges(File.ReadAllText(ranges.file), config), IsOwn = true };
        }
        catch (Exception unusable) when (unusable is ConfigException or IOException or UnauthorizedAccessException)
        {
            ranges.now = ranges.now with { Ranges = [], IsOwn = true };
            log.Error(ranges.Trouble = $"{ranges.file}: {unusable.Message}; no range is searched");
        }
        return ranges;
    }

    /// <summary>From now on these.</summary>
    /// <exception cref="ConfigException">One of them is wrong; then nothing has changed.</exception>
    /// <exception cref="IOException">They cannot be kept; then nothing has changed.</exception>
    public void Set(IReadOnlyList<RangeConfig> ranges)
    {
        lock (one)
        {
            var opened = ReadConfig.Opened(ranges, config);
            OwnFile.Write(file, JsonSerializer.Serialize([.. opened], ConfigJson.Written.ListRangeConfig));      // it may hold communities, as the configuration file may
            Take(opened, isOwn: true);
        }
    }

    /// <summary>From now on those of the configuration file again.</summary>
    /// <exception cref="IOException">ranges.json cannot be deleted.</exception>
    public void Forget()
    {
        lock (one)
        {
            File.Delete(file);
            Take(config.Ranges ?? [], isOwn: false);
        }
    }

    private static string FileOf(AgentConfig config) => Path.Combine(config.StateDir, "ranges.json");

    private void Take(IReadOnlyList<RangeConfig> ranges, bool isOwn)
    {
        var before = now;
        now = new(ranges, isOwn, new());
        Trouble = null;
        log.Info($"ranges: {(isOwn ? "as written at this site" : "as in the configuration file")}: {(ranges.Count == 0 ? "none" : string.Join("; ", ranges.Select(range => range.Addresses)))}");
        before.Until.Cancel();
    }
}
