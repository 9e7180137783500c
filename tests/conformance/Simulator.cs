using Fleet.Testing;

namespace Fleet.Conformance.Tests;

[SetUpFixture]
public class Simulator : RecordedPrinters;
