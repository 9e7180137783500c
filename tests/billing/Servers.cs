using Fleet.Testing;

namespace Fleet.Billing.Tests;

[SetUpFixture]
public class Servers : SharedServers;
