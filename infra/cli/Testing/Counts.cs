using System.Globalization;
using System.Xml.Linq;

namespace Fleet.Cli.Testing;

public sealed record FailedTest(string Name, string Message);

/// <summary>What tests came to.</summary>
public sealed record Counts(int Passed, int Failed, int Skipped, IReadOnlyList<FailedTest> Failures)
{
    public static readonly Counts None = new(0, 0, 0, []);

    /// <summary>The last line of `./fleet test`; scripts read it.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");

    public static Counts Failure(string name, string message) => new(0, 1, 0, [new(name, message)]);

    public static Counts operator +(Counts a, Counts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped, [.. a.Failures, .. b.Failures]);

    public static Counts Add(Counts left, Counts right) => left + right;

    /// <summary>
    /// The same, knowing how the program ended: one that hangs and is given up writes a file in which everything has passed, as far as it came, and ends with another code than 0.
    /// </summary>
    public Counts Ended(int code, string name, string lastWords) => code == 0 || Failed > 0 ? this : this + Failure($"({name})", $"ended with {code} before its tests did: {lastWords}");

    /// <summary>A TRX file (Visual Studio test results, schema TeamTest/2010). A run that found no test, or was cut off, has failed.</summary>
    public static Counts OfTrx(XDocument trx)
    {
        XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var results = trx.Descendants(ns + "UnitTestResult")
            .Select(result => (Name: (string?)result.Attribute("testName") ?? "?", Outcome: (string?)result.Attribute("outcome") ?? "?",
                Message: result.Descendants(ns + "Message").FirstOrDefault()?.Value ?? "")).ToList();
        var (passed, skipped) = (results.Count(result => result.Outcome == "Passed"), results.Count(result => result.Outcome is "NotExecuted" or "Inconclusive"));
        var failures = results.Where(result => result.Outcome is not ("Passed" or "NotExecuted" or "Inconclusive"))
            .Select(result => new FailedTest(result.Name, result.Message.Trim())).ToList();
        if (results.Count == 0)
            failures.Add(new("(run)", "found no test"));
        else if ((string?)trx.Descendants(ns + "ResultSummary").FirstOrDefault()?.Attribute("outcome") is "Aborted" or "Timeout" or "Error")
            failures.Add(new("(run)", "was cut off"));
        return new(passed, failures.Count, skipped, failures);
    }
}
