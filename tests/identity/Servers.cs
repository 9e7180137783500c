using Fleet.Testing;

namespace Fleet.Identity.Tests;

[SetUpFixture]
public class Servers : SharedServers;
