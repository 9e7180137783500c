using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Billing.Contracts;
using static Fleet.Billing.Tests.Given;
using Missing = Fleet.Billing.Meters.Missing;

namespace Fleet.Billing.Tests;

/// <summary>What services/billing/README.md says is so.</summary>
public class ReadmeTests
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [Test]
    public void Its_contract_can_be_signed()
    {
        var readme = Readme();
        var sample = readme[(readme.IndexOf("```json", StringComparison.Ordinal) + "```json".Length)..];
        var offer = JsonSerializer.Deserialize<ContractOffer>(sample[..sample.IndexOf("```", StringComparison.Ordinal)], Strict)!;

        Assert.That(SignContract.Decide(offer, Contract.None, "northwind", "billing-clerk", At("2026-10-01")).Refusal, Is.Null);
    }

    [Test]
    public void Its_runbook_knows_every_reason_for_something_missing()
    {
        var reasons = typeof(Missing).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetValue(null)!).ToList();

        Assert.That(reasons, Has.Count.GreaterThan(4));
        foreach (var reason in reasons)
            Assert.That(Readme(), Does.Contain($"| `missing`: `{reason}` |"));
    }

    [Test]
    public void It_names_the_usual_counters_as_they_are() =>
        Assert.That(CounterSum.Usual("mono").Concat(CounterSum.Usual("color")), Has.All.Matches<string>(sum => Readme().Contains($"`{sum}`", StringComparison.Ordinal)));

    private static string Readme([CallerFilePath] string test = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(test)!, "..", "..", "services", "billing", "README.md"));
}
