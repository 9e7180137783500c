using System.Globalization;

namespace Fleet.Agent.Commands;

/// <summary>A tested capture in lines.</summary>
internal static class ProfileWords
{
    public static IEnumerable<string> Of(TestedCapture tested, bool explain)
    {
        var reading = tested.Explained.Reading;
        yield return reading.IsPrinter
            ? string.Create(CultureInfo.InvariantCulture, $"{tested.Capture}: {tested.Objects} objects, read with profile {reading.Profile.Name} {reading.Profile.Version}")
            : string.Create(CultureInfo.InvariantCulture, $"{tested.Capture}: {tested.Objects} objects; no profile matches and there is no printer table of RFC 3805");
        foreach (var one in tested.Explained.Evidence)
            foreach (var line in explain ? EvidenceWords.Explained(one) : [EvidenceWords.Short(one)]) yield return $"  {line}";
        if (explain && reading.IsPrinter) yield return $"profile {reading.Profile.Name}: {tested.Explained.Source}";
        if (tested.Explained.NotFound.Count > 0) yield return "could not read:";
        foreach (var missing in tested.Explained.NotFound) yield return $"  {missing}";
        if (tested.Expectation is not { } file) yield break;
        yield return tested.Differences.Count == 0 ? $"as {file} expects" : $"not as {file} expects:";
        foreach (var difference in tested.Differences) yield return $"  {difference}";
    }
}
