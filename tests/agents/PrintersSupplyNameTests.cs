using Fleet.Printers;

namespace Fleet.Agents.Tests;

/// <summary>Part and serial numbers as recorded devices put them into the names of their supplies.</summary>
public class PrintersSupplyNameTests
{
    [TestCase("1.3.6.1.4.1.253.8.62.1.19.3.2.1", "Xerox AltaLink", "Black Toner, PN 006R01509;SN48178080E0000481", "006R01509", "48178080E0000481")]
    [TestCase("1.3.6.1.4.1.253.8.62.1.19.3.2.1", "Xerox AltaLink", "Waste Toner Container, PN 008R13061;SNunknown", "008R13061", null)]
    [TestCase("1.3.6.1.4.1.253.8.62.1.19.3.2.1", "Xerox AltaLink", "Fuser, PN unknown;SNunknown", null, null)]
    [TestCase("1.3.6.1.4.1.236.11.5.1", "Samsung M4080FX", "Black Toner Cartridge S/N:CRUM-17010812345", null, "CRUM-17010812345")]
    [TestCase("1.3.6.1.4.1.236.11.5.1", "Samsung M4080FX", "Fuser S/N:", null, null)]
    [TestCase("1.3.6.1.4.1.11.2.3.9.1", "HP ETHERNET MULTI-ENVIRONMENT", "Black Cartridge 827A HP CF300A", "CF300A", null)]
    [TestCase("1.3.6.1.4.1.11.2.3.9.1", "HP ETHERNET MULTI-ENVIRONMENT", "Clean Rollers HP None", null, null)]
    [TestCase("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions", "TK-3130", "TK-3130", null)]
    [TestCase("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions", "Waste Toner Box", null, null)]
    [TestCase("1.3.6.1.4.1.99999.1", "Somebody else", "Black Toner, PN 006R01509;SN48178080E0000481", null, null, Description = "whose names nobody has looked at")]
    public async Task The_name_of_a_supply(string sysObjectId, string sysDescr, string name, string? part, string? serial)
    {
        var supply = (await new PrintersDevice().Is(sysObjectId, sysDescr).Supply("1.1", 1, 2, name).ReadAsync()).Supplies.Single();
        Assert.That((supply.Part, supply.Serial, supply.Description), Is.EqualTo((part, serial, name)), "and the name stays what it was");
    }
}
