using Fleet.Testing;

namespace Fleet.Flows.Tests;

[SetUpFixture]
public class Servers : SharedServers;

[SetUpFixture]
public class Recordings : RecordedPrinters;
