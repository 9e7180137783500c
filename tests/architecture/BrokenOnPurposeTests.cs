using Mono.Cecil;
using Npgsql;

namespace Fleet.Architecture.Tests;

/// <summary>Every rule is seen failing, so that none can go blind unnoticed. This very assembly breaks them all.</summary>
public class BrokenOnPurposeTests
{
    private static AssemblyDefinition Offender => House.Assembly("Fleet.Architecture.Tests");

    [Test]
    public void A_reference_to_Fleet_is_seen() =>
        Assert.That(Rules.ForeignReferences(House.Assembly("Fleet.Printers")), Has.Some.Contains("Fleet.Snmp"));

    [Test]
    public void A_reference_to_a_package_is_seen() =>
        Assert.That(Rules.PackageReferences(Offender), Has.Some.Contains("Mono.Cecil"));

    [Test]
    public void A_service_that_references_another_is_seen() =>
        Assert.That(Rules.ServiceReferences(House.Assembly("Fleet.Host"), House.Services), Is.Not.Empty);

    [Test]
    public void A_decision_that_opens_a_database_is_seen() =>
        Assert.That(Rules.PlumbingInDomain(Offender), Has.Some.Contains(nameof(DecideWithADatabase)).And.Some.Contains("NpgsqlConnection"));

    [Test]
    public void A_fold_that_hides_the_database_in_a_lambda_is_seen() =>
        Assert.That(Rules.PlumbingInDomain(Offender), Has.Some.Contains(nameof(EvolveWithADatabase)));

    private static class DecideWithADatabase
    {
        public static string Decide(string input)
        {
            using var connection = new NpgsqlConnection(input);
            return connection.Database;
        }
    }

    private static class EvolveWithADatabase
    {
        public static Func<string> Evolve(string state) => () => new NpgsqlConnection(state).Database;
    }
}
