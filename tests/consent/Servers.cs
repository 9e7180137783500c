using Fleet.Testing;

namespace Fleet.Consent.Tests;

[SetUpFixture]
public class Servers : SharedServers;
