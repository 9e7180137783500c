using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// what an observation showed about devices -> Decide -> streams device/{id} of each of them
public static class TellFindings
{
    public const string SameNames = "an observation names both";

    public static IEnumerable<(string Id, DeviceEvent Event)> Decide(string site, DeviceRef called, DateTimeOffset at, Identified identified, Func<string, Device> known) =>
        identified.Findings.SelectMany(finding => Of(finding, site, called, at, known));

    private static IEnumerable<(string, DeviceEvent)> Of(Finding finding, string site, DeviceRef called, DateTimeOffset at, Func<string, Device> known)
    {
        switch (finding)
        {
            case Finding.SameDevice(var id, var into):
                yield return (id, new DeviceEvent.Merged(into, By: null, SameNames, at));
                yield return (into, new DeviceEvent.Joined(id, By: null, SameNames, at));
                break;
            case Finding.SerialTwice(var id, var other):
                // Its own word comes later: until then it is known by the number it claims.
                if (known(other).Card is null)
                    yield return (other, new DeviceEvent.Registered(new DeviceCard(site, called.Manufacturer, Serial: called.Serial), at));
                foreach (var (one, with) in new[] { (id, other), (other, id) })
                    if (!known(one).Standing.Conflicts.Contains(new(DeviceConflict.ClonedSerial, with)))
                        yield return (one, new DeviceEvent.ConflictFound(new(DeviceConflict.ClonedSerial, with), at));
                break;
            case Finding.OtherDeviceAtAddress(var id, var by):
                if (known(id).Card is not null)
                    yield return (id, new DeviceEvent.Displaced(by, at));
                break;
            case Finding.OtherBoard(var id):
                yield return (id, new DeviceEvent.BoardReplaced(at));
                break;
            case Finding.TwoSites(var id):
                if (!known(id).Standing.Conflicts.Contains(new(DeviceConflict.TwoSites)))
                    yield return (id, new DeviceEvent.ConflictFound(new(DeviceConflict.TwoSites), at));
                break;
        }
    }
}
