namespace Fleet.Architecture.Tests;

public class ArchitectureTests
{
    [Test]
    public void Contracts_reference_nothing()
    {
        var contracts = House.Assembly("Fleet.Contracts");
        Assert.That(Rules.ForeignReferences(contracts).Concat(Rules.PackageReferences(contracts)), Is.Empty);
    }

    [Test]
    public void The_SNMP_engine_knows_no_printer_and_nothing_of_Fleet()
    {
        var snmp = House.Assembly("Fleet.Snmp");
        Assert.That(Rules.ForeignReferences(snmp).Concat(Rules.PackageReferences(snmp)), Is.Empty);
        Assert.That(
            snmp.MainModule.GetTypes().Select(t => t.FullName).Where(n => n.Contains("Printer", StringComparison.OrdinalIgnoreCase)
                || n.Contains("Toner", StringComparison.OrdinalIgnoreCase) || n.Contains("Supply", StringComparison.OrdinalIgnoreCase)),
            Is.Empty, "a word of printing in the engine");
    }

    [Test]
    public void Printers_know_SNMP_and_nothing_else_of_Fleet() =>
        Assert.That(Rules.ForeignReferences(House.Assembly("Fleet.Printers"), "Fleet.Snmp"), Is.Empty);

    [Test]
    public void The_event_store_knows_nothing_of_Fleet() =>
        Assert.That(Rules.ForeignReferences(House.Assembly("Fleet.EventStore")), Is.Empty);

    [TestCaseSource(typeof(House), nameof(House.Services))]
    public void A_service_knows_contracts_and_infrastructure_and_no_other_service(string service)
    {
        var assembly = House.Assembly(service);
        Assert.That(Rules.ServiceReferences(assembly, House.Services), Is.Empty);
        Assert.That(Rules.ForeignReferences(assembly, "Fleet.Contracts", "Fleet.Defaults", "Fleet.EventStore"), Is.Empty);
    }

    [TestCaseSource(typeof(House), nameof(House.Services))]
    public void Domain_code_touches_no_bus_no_database_and_no_web(string service)
    {
        var assembly = House.Assembly(service);
        Assert.That(assembly.MainModule.GetTypes().Where(Rules.IsDomain), Is.Not.Empty, "no domain code found: did the rule go blind?");
        Assert.That(Rules.PlumbingInDomain(assembly), Is.Empty);
    }
}
