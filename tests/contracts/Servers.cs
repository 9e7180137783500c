using Fleet.Testing;

namespace Fleet.Contracts.Tests;

[SetUpFixture]
public class Servers : SharedServers;
