using Mono.Cecil;

namespace Fleet.Architecture.Tests;

/// <summary>The assemblies of the product, as built beside the tests.</summary>
internal static class House
{
    public static readonly string[] Services =
    [
        "Fleet.Identity", "Fleet.Consent", "Fleet.Telemetry", "Fleet.Alerting", "Fleet.Billing", "Fleet.Licensing", "Fleet.Integration",
    ];

    public static AssemblyDefinition Assembly(string name)
    {
        var file = Path.Combine(TestContext.CurrentContext.TestDirectory, $"{name}.dll");
        Assert.That(file, Does.Exist, $"{name} is not built beside the tests: is it still referenced?");
        return AssemblyDefinition.ReadAssembly(file);
    }
}
