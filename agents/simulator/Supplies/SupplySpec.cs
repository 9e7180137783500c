namespace Fleet.Simulator.Supplies;

/// <summary>One row of prtMarkerSuppliesTable as a model has it (RFC 3805 §6, prtMarkerSuppliesEntry).</summary>
/// <param name="Type">PrtMarkerSuppliesTypeTC: 3 toner, 4 wasteToner, 9 opc, 10 developer, 15 fuser, …</param>
/// <param name="Class">PrtMarkerSuppliesClassTC: 3 consumed, 4 receptacle (its level is the space that is left).</param>
/// <param name="Colorant">Row of prtMarkerColorantTable, 0 for none.</param>
/// <param name="Unit">PrtMarkerSuppliesSupplyUnitTC: 7 impressions, 19 percent, 13 tenths of grams, …</param>
/// <param name="Capacity">Maximum capacity in that unit, -2 when the model does not know it.</param>
/// <param name="Spends">Which pages empty (or fill) it: a counter name or a sum, <c>mono+color</c>.</param>
/// <param name="Yield">How many of those pages one cartridge lasts.</param>
/// <param name="Tells">How finely the model tells its level.</param>
public sealed record SupplySpec(
    int Index, string Description, int Type, int Class, int Colorant, int Unit, long Capacity, string Spends, long Yield, Tells Tells = Tells.Exactly);

/// <summary>Level −3 is "some remaining", −2 "unknown" (RFC 3805 prtMarkerSuppliesLevel).</summary>
public enum Tells { Exactly, InTens, SomeRemaining, Nothing }
