using System.Net;
using Fleet.Agent.Changes;
using Fleet.Agent.Discovering;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Page;

// devices that are visited + what was last said of them -> those that fit the words

internal static class FindDevices
{
    /// <summary>Those in whose names, numbers, addresses or places the words are found, by address.</summary>
    public static List<DeviceNow> By(string words, AgentView agent)
    {
        var devices = agent.Devices();
        if (words.Length > 0)
        {
            using var remembered = new RememberedDevices(agent.StateDir);
            var fitting = remembered.With(words).Where(memory => TextsOf(memory).Any(Has)).Select(memory => memory.Target).ToHashSet(StringComparer.Ordinal);
            devices = [.. devices.Where(device => fitting.Contains(device.Target) || Has(device.Address) || Has(device.Label))];
        }
        return [.. devices.OrderBy(device => AddressSpan.Of(IPAddress.Parse(device.Address)))];

        bool Has(string? text) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) is true;
    }

    /// <summary>What a device may be called in a batch, where somebody says its address, serial number, MAC or name: an address that may not leave the site is not in it, the device's key is.</summary>
    public static IReadOnlyList<string> NamesOf(string words, AgentView agent)
    {
        if (words.Length == 0) return [];
        using var remembered = new RememberedDevices(agent.StateDir);
        var addressed = agent.Devices().Where(device => device.Address == words).Select(device => remembered.At(device.Target)).OfType<DeviceMemory>();
        var called = remembered.With(words).Where(memory => TextsOf(memory).Any(text => string.Equals(text, words, StringComparison.OrdinalIgnoreCase)));
        return [words, .. addressed.Concat(called).Select(memory => memory.Key).Distinct()];
    }

    private static IEnumerable<string?> TextsOf(DeviceMemory memory) =>
        [memory.Device.Manufacturer, memory.Device.Serial, memory.Device.Mac, memory.Device.Address, memory.Key, memory.Seen?.Model, memory.Seen?.Name, memory.Seen?.Location];
}
