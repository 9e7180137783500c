using Fleet.Testing;

namespace Fleet.Alerting.Tests;

[SetUpFixture]
public class Servers : SharedServers;
