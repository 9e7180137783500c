using Fleet.Testing;

namespace Fleet.Integration.Tests;

[SetUpFixture]
public class Servers : SharedServers;
