using Fleet.Testing;

namespace Fleet.Regions.Tests;

[SetUpFixture]
public class Servers : SharedServers;
