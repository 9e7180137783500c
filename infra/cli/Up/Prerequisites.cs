using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>Where a server comes from, in this order of preference.</summary>
public enum Source
{
    Given,
    LocalBinaries,
    Docker,
    Packages
}

/// <summary>What is there, what is missing, and so what `up` will do.</summary>
public sealed record Prerequisites(Source Postgres, Source RabbitMq)
{
    public const string PostgresVariable = "FLEET_POSTGRES", RabbitMqVariable = "FLEET_RABBITMQ";

    private const long LeastDisk = 1L << 30;

    /// <summary>Pure: which source serves, given what was found; null when none does.</summary>
    public static Source? Choose(bool given, bool binaries, bool docker, bool packages) =>
        given ? Source.Given : binaries ? Source.LocalBinaries : docker ? Source.Docker : packages ? Source.Packages : null;

    public static async Task<Prerequisites> LookAsync(StateDirectory directory)
    {
        var free = new DriveInfo(directory.Root).AvailableFreeSpace;
        if (free < LeastDisk)
            throw new FleetException("Disk full", directory.Root, $"{free >> 20} MiB are free, 1024 are needed: free some space or choose another --state");

        var (postgres, rabbit) = (PostgresBinaries.Find() is not null, RabbitMqBinaries.Find() is not null);
        var docker = (!postgres || !rabbit) && await Containers.EngineAnswersAsync();
        var packages = (!postgres || !rabbit) && await Packages.CanInstallAsync();
        return new(
            Require("PostgreSQL", PostgresVariable, postgres, docker, packages),
            Require("RabbitMQ", RabbitMqVariable, rabbit, docker, packages));
    }

    public IEnumerable<string> Plan()
    {
        yield return Describe("PostgreSQL", Postgres, PostgresVariable);
        yield return Describe("RabbitMQ", RabbitMq, RabbitMqVariable);
    }

    private static Source Require(string server, string variable, bool binaries, bool docker, bool packages) =>
        Choose(Environment.GetEnvironmentVariable(variable) is { Length: > 0 }, binaries, docker, packages)
        ?? throw new FleetException($"{server} missing", "no binaries, no Docker engine, no apt with root or sudo", $"install it, or point {variable} at one that exists");

    private static string Describe(string server, Source source, string variable) => source switch
    {
        Source.Given => $"{server}: the one {variable} names",
        Source.LocalBinaries => $"{server}: a private instance from this machine's binaries",
        Source.Docker => $"{server}: no binaries here, a container of the Docker engine",
        Source.Packages => $"{server}: missing; its Debian package is installed first (apt-get), then a private instance",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "no such source")
    };
}
