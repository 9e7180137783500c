namespace Fleet.Defaults.Tests.Access;

/// <summary>Which right needs which consent, cell by cell, written down a second time: a slip in the code's table meets this one.</summary>
public class PurposesTableTests
{
    private const string Table = """
                          remote-monitoring fleet-management billing
        read-tenants      -                 -                -
        manage-tenants    -                 -                -
        read-fleet        x                 x                -
        read-meters       x                 x                x
        read-alerts       x                 x                -
        act-on-alerts     x                 x                -
        read-consents     -                 -                -
        change-consents   -                 -                -
        read-billing      -                 -                x
        run-billing       -                 -                x
        read-licences     x                 x                x
        manage-licences   x                 x                x
        read-events       x                 x                x
        read-grant        -                 -                -
        consent-at-agent  -                 -                -
        enrol-agents      -                 -                -
        choose-provider   -                 -                -
        manage-people     -                 -                -
        read-audit        -                 -                -
        correct-readings  x                 x                x
        read-health       -                 -                -
        manage-reports    x                 x                x
        manage-devices    x                 x                -
        """;

    [TestCaseSource(nameof(Cells))]
    public void A_right_needs_exactly_what_its_row_says(string right, string word, bool needed)
    {
        var needs = Purposes.Of(Enum.GetValues<Right>().Single(r => Rights.NameOf(r) == right));
        Assert.That(word == needs.Feature || needs.AnyOf.Contains(word), Is.EqualTo(needed));
    }

    [Test]
    public void Every_right_has_a_row_and_a_line_in_the_code()
    {
        Assert.That(Rows.Skip(1).Select(row => row[0]), Is.EquivalentTo(Enum.GetValues<Right>().Select(Rights.NameOf)));
        Assert.That(() => Enum.GetValues<Right>().Select(Purposes.Of).ToList(), Throws.Nothing);
    }

    [Test] // the twin
    public void A_right_without_a_line_can_be_used_by_nobody() => Assert.That(() => Purposes.Of((Right)1000), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static List<string[]> Rows => [.. Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<TestCaseData> Cells =>
        from row in Rows.Skip(1)
        from column in Rows[0].Index()
        select new TestCaseData(row[0], column.Item, row[column.Index + 1] == "x");
}
