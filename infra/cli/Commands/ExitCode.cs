namespace Fleet.Cli.Commands;

/// <summary>What the exit code of ./fleet says.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It failed, a check did not hold, or something that should run does not; one line says which.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Asked about a system that does not run.</summary>
    public const int NotRunning = 3;

    /// <summary>Ended by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
