using Fleet.Testing;

namespace Fleet.Defaults.Tests;

[SetUpFixture]
public class Servers : SharedServers;
