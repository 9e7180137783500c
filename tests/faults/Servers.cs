using Fleet.Testing;

namespace Fleet.Faults.Tests;

[SetUpFixture]
public class Servers : SharedServers;
