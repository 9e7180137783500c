namespace Fleet.Simulator.Commands;

/// <summary>What the exit code says: 2 the arguments are wrong, 3 the port is taken.</summary>
internal static class ExitCodes
{
    public const int Ok = 0, Usage = 2, PortTaken = 3;
}
