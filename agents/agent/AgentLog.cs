using System.Globalization;

namespace Fleet.Agent;

/// <summary>One line per thing worth knowing: time, level, words. No secret and no community ever gets here.</summary>
public sealed class AgentLog(TextWriter output, TimeProvider clock)
{
    private readonly Lock writing = new();

    public void Info(string line) => Write("info ", line);

    public void Warn(string line) => Write("warn ", line);

    public void Error(string line) => Write("error", line);

    private void Write(string level, string line)
    {
        lock (writing) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level} {line.ReplaceLineEndings(" ")}"));
    }
}
