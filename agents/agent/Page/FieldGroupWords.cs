using Fleet.Printers;

namespace Fleet.Agent.Page;

/// <summary>What a field group is to whoever decides about it.</summary>
internal static class FieldGroupWords
{
    public static string Of(FieldGroups group) => group switch
    {
        FieldGroups.Identity => "Manufacturer, model, serial number. Without it a device has no name, and what is read of it can hardly be told from another's.",
        FieldGroups.NetworkAddress => "IP address and MAC of the device.",
        FieldGroups.Location => "The name and the place somebody entered at the device, such as “Ward 3, room 12”.",
        FieldGroups.Counters => "How many pages were printed, copied and scanned, by kind. Invoices come from it. Never what was printed, nor by whom.",
        FieldGroups.Supplies => "Toner, ink, drums, waste boxes: how full they are, and the part and serial numbers in their names.",
        FieldGroups.Status => "Ready, printing, jammed, door open; open alerts, trays, covers.",
        FieldGroups.Firmware => "The version of the device's own software.",
        _ => ""
    };
}
