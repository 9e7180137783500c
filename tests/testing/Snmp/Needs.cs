using NUnit.Framework;

namespace Fleet.Testing;

/// <summary>What these tests need beside the repository. A developer without it sees them ignored and why; CI sees them fail.</summary>
public static class Needs
{
    public static string? Captures { get; } = Ancestors().Select(folder => Path.Combine(folder, "shared", "captures")).FirstOrDefault(Directory.Exists);

    public static string Program(string name) =>
        new[] { "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? Missing($"{name} is not installed");

    public static string Missing(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{what}, and CI must have it");
        Assert.Ignore(what);
        return what;
    }

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent) yield return folder.FullName;
    }
}
