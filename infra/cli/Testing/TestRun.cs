using System.Xml;
using System.Xml.Linq;
using Fleet.Cli.Local;

namespace Fleet.Cli.Testing;

/// <summary>The steps of `./fleet test`: build, format check, tests. Each is a process whose output goes to artifacts/test/{step}.log.</summary>
public sealed class TestRun(string repository, string artifacts, Action<string> say, CancellationToken stop)
{
    /// <summary>Warnings are errors in every project. Null when it builds.</summary>
    public async Task<Counts?> BuildAsync(string what)
    {
        var (code, output) = await StepAsync("build", ["dotnet", "build", what, "-c", "Release", "-v", "q", "--nologo"], new Dictionary<string, string>());
        return code == 0 ? null : Counts.Failure("build", Errors(output));
    }

    /// <summary>Null when every file is formatted.</summary>
    public async Task<Counts?> FormatAsync(string what)
    {
        var (code, output) = await StepAsync("format", ["dotnet", "format", what, "--verify-no-changes", "--no-restore"], new Dictionary<string, string>());
        return code == 0 ? null : Counts.Failure("format", Errors(output));
    }

    public async Task<Counts> TestAsync(TestProject project, IReadOnlyDictionary<string, string> servers)
    {
        var results = Path.Combine(artifacts, project.Name);
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);
        var (code, output) = await StepAsync(project.Name,
        [
            "dotnet", "test", project.File, "-c", "Release", "--no-build", "--nologo", "--results-directory", results, "--logger", "trx;LogFileName=results.trx",
            "--blame-hang", "--blame-hang-timeout", "5m", "--blame-hang-dump-type", "none"
        ], servers);
        var trx = Path.Combine(results, "results.trx");
        try
        {
            return File.Exists(trx) ? Counts.OfTrx(XDocument.Load(trx)).Ended(code, project.Name, LastWords(output)) : Counts.Failure(project.Name, $"wrote no results: {Errors(output)}");
        }
        catch (XmlException broken)
        {
            return Counts.Failure(project.Name, $"results cannot be read: {broken.Message}");
        }
    }

    private async Task<(int Code, string Output)> StepAsync(string step, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment)
    {
        say(step);
        Directory.CreateDirectory(artifacts);
        var (code, output) = await Shell.RunAsync(words, environment, repository, stop);
        await File.WriteAllTextAsync(Path.Combine(artifacts, $"{step}.log"), output, stop);
        return (code, output);
    }

    // What a run that was given up tells after its own table: that it was, and during which test.
    private static string LastWords(string output) => string.Join('\n', output.TrimEnd().Split('\n').TakeLast(6));

    private static string Errors(string output)
    {
        const int shown = 10;
        var errors = output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(shown).ToList();
        return string.Join('\n', errors.Count > 0 ? errors : output.Split('\n').TakeLast(shown));
    }
}
