using Fleet.Billing.Contracts;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class SignContractTests
{
    private static readonly ContractOffer Offer = new(
        "acme", "Office printing", "EUR", "Europe/Berlin", new(2026, 10, 1), 49.90m, [new("mono", 1000, 0.0079m), new("color", 0, 0.065m)], DeviceScope.All);

    [Test]
    public void An_offer_becomes_a_contract_with_everything_spelled_out()
    {
        var signed = (ContractEvent.ContractSigned)Sign(Offer).Events.Single();

        Assert.That(signed.ContractId, Is.EqualTo("acme.office-printing"));
        Assert.That(signed.Terms.Charges[0].ReadFrom, Is.EqualTo(["mono", "print.mono+copy.mono+fax.mono+fax"]));
    }

    [Test]
    public void The_same_offer_again_changes_nothing_and_another_one_is_a_conflict()
    {
        var contract = Contract.Evolve(Contract.None, Sign(Offer).Events.Single());

        Assert.That(Sign(Offer, contract), Is.EqualTo(Defaults.Decision<ContractEvent>.Nothing).Using<Defaults.Decision<ContractEvent>>((a, b) => a.Refusal == b.Refusal && a.Events.Count == b.Events.Count));
        Assert.That(Sign(Offer with { BaseFee = 0m }, contract).Refusal!.Status, Is.EqualTo(409));
    }

    [Test]
    public void Who_works_for_no_provider_signs_nothing() =>
        Assert.That(SignContract.Decide(Offer, Contract.None, null, "somebody", At("2026-10-01")).Refusal!.Status, Is.EqualTo(403));

    private static readonly TestCaseData[] Wrongs =
    [
        new TestCaseData(Offer with { Name = "…" }).SetArgDisplayNames("a name without a letter"),
        new TestCaseData(Offer with { Currency = "DEM" }).SetArgDisplayNames("a currency that is gone"),
        new TestCaseData(Offer with { TimeZone = "Berlin" }).SetArgDisplayNames("a time zone IANA does not know"),
        new TestCaseData(Offer with { BaseFee = 0.005m }).SetArgDisplayNames("a fee finer than a cent"),
        new TestCaseData(Offer with { BaseFee = -1m }).SetArgDisplayNames("a negative fee"),
        new TestCaseData(Offer with { Charges = [new("mono", 0, 0.0000001m)] }).SetArgDisplayNames("a price with seven decimals"),
        new TestCaseData(Offer with { Charges = [new("mono", 0, decimal.MaxValue)] }).SetArgDisplayNames("a price no sum could hold"),
        new TestCaseData(Offer with { Charges = [new("mono", -1, 0.01m)] }).SetArgDisplayNames("a negative volume"),
        new TestCaseData(Offer with { Charges = [new("mono", 0, 0.01m), new("mono", 0, 0.02m)] }).SetArgDisplayNames("two prices for one counter"),
        new TestCaseData(Offer with { Charges = [new("mono", 0, 0.01m), new("color", 0, 0.05m, ["mono"])] }).SetArgDisplayNames("one counter for two prices"),
        new TestCaseData(Offer with { Charges = [new("mono", 0, 0.01m, [])] }).SetArgDisplayNames("a charge read from nothing"),
        new TestCaseData(Offer with { ToleranceDays = 32 }).SetArgDisplayNames("a tolerance longer than a month"),
    ];

    [TestCaseSource(nameof(Wrongs))]
    public void Is_refused(ContractOffer offer) => Assert.That(Sign(offer).Refusal!.Status, Is.EqualTo(400));

    private static Defaults.Decision<ContractEvent> Sign(ContractOffer offer, Contract? contract = null) =>
        SignContract.Decide(offer, contract ?? Contract.None, "northwind", "billing-clerk", At("2026-10-01"));
}
