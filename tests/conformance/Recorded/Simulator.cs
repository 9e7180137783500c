using Fleet.Testing;

namespace Fleet.Conformance.Tests.Recorded;

[SetUpFixture]
public class Simulator : RecordedPrinters;
