namespace Fleet.Agent.Commands;

/// <summary>1 a capture does not read as it should; 2 the configuration or an argument is wrong; 3 the state directory is held by another agent or unusable; 4 the device does not answer; 5 not everything could be sent; 6 the device is no printer; 7 this agent was not enrolled.</summary>
internal static class ExitCodes
{
    public const int Ok = 0, NotAsExpected = 1, Usage = 2, StateHeld = 3, NoAnswer = 4, NotSent = 5, NoPrinter = 6, NotEnrolled = 7;
}
