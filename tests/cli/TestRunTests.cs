using System.Xml.Linq;
using Fleet.Cli.Testing;

namespace Fleet.Cli.Tests;

public class TestRunTests
{
    [Test]
    public void A_results_file_is_counted()
    {
        var counts = Counts.OfTrx(Trx("Completed", ("a", "Passed"), ("b", "Failed"), ("c", "NotExecuted"), ("d", "Passed")));
        Assert.That(counts.Line, Is.EqualTo("2 passed, 1 failed, 1 skipped"));
        Assert.That(counts.Failures.Single().Name, Is.EqualTo("b"));
    }

    [Test]
    public void A_run_that_found_no_test_has_failed() => Assert.That(Counts.OfTrx(Trx("Completed")).Failed, Is.EqualTo(1));

    [Test]
    public void A_run_that_was_cut_off_has_failed() => Assert.That(Counts.OfTrx(Trx("Aborted", ("a", "Passed"))).Failed, Is.EqualTo(1));

    [Test]
    public void A_run_that_hung_and_was_given_up_has_failed_though_its_file_says_all_is_well()
    {
        var counts = Counts.OfTrx(Trx("Completed", ("a", "Passed"))).Ended(1, "telemetry", "The test running when the crash occurred: b");
        Assert.That(counts.Line, Is.EqualTo("1 passed, 1 failed, 0 skipped"));
        Assert.That(counts.Failures.Single().Message, Does.Contain("the crash occurred: b"));
    }

    [Test] // the twin
    public void A_run_that_ended_well_or_has_told_its_failures_has_no_further_one()
    {
        Assert.That(Counts.OfTrx(Trx("Completed", ("a", "Passed"))).Ended(0, "telemetry", "").Failed, Is.Zero);
        Assert.That(Counts.OfTrx(Trx("Completed", ("a", "Failed"))).Ended(1, "telemetry", "").Failed, Is.EqualTo(1));
    }

    [TestCase("unit", "billing", true)]
    [TestCase("unit", "flows", false)]
    [TestCase("services", "billing", true)]
    [TestCase("services", "cli", false)]
    [TestCase("faults", "faults", true)]
    [TestCase("faults", "flows", false)]
    public void An_area_holds_its_projects(string area, string project, bool held) => Assert.That(Area.Of(area).Holds(project), Is.EqualTo(held));

    private static XDocument Trx(string outcome, params (string Name, string Outcome)[] results)
    {
        XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        return new(new XElement(ns + "TestRun",
            new XElement(ns + "Results", results.Select(result => new XElement(ns + "UnitTestResult",
                new XAttribute("testName", result.Name), new XAttribute("outcome", result.Outcome)))),
            new XElement(ns + "ResultSummary", new XAttribute("outcome", outcome))));
    }
}
