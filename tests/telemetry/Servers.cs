using Fleet.Testing;

namespace Fleet.Telemetry.Tests;

[SetUpFixture]
public class Servers : SharedServers;
