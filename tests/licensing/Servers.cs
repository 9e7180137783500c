using Fleet.Testing;

namespace Fleet.Licensing.Tests;

[SetUpFixture]
public class Servers : SharedServers;
