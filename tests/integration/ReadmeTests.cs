using Fleet.Integration.Facts;

namespace Fleet.Integration.Tests;

public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "README.md"));

    [Test]
    public void The_README_names_every_type_that_leaves() => Assert.That(Missing(Readme), Is.Empty);

    [Test]
    public void That_check_misses_a_type_that_is_gone() =>
        Assert.That(Missing(Readme.Replace("fleet.billing.invoice-issued.v1", "", StringComparison.Ordinal)), Is.EqualTo(new[] { "invoice-issued" }));

    private static IEnumerable<string> Missing(string readme) =>
        PublicMessages.Consumers.Select(consumer => consumer.Name["record-".Length..]).Where(name => !readme.Contains($".{name}.v1`", StringComparison.Ordinal));
}
