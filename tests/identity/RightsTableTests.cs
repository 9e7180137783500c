using Fleet.Defaults;

namespace Fleet.Identity.Tests;

/// <summary>Who may do what, cell by cell, written down a second time: a slip in the code's table meets this one.</summary>
public class RightsTableTests
{
    private const string Table = """
                          provider-admin billing technician viewer customer-admin customer-viewer integrator agent platform-operator
        read-tenants      x              x       x          x      x              x               x          -     -
        manage-tenants    x              -       -          -      -              -               -          -     -
        read-fleet        x              x       x          x      x              x               x          -     -
        read-meters       x              x       x          x      x              x               x          -     -
        read-alerts       x              -       x          x      x              x               x          -     -
        act-on-alerts     x              -       x          -      -              -               -          -     -
        read-consents     x              -       -          -      x              x               -          -     -
        change-consents   -              -       -          -      x              -               -          -     -
        read-billing      x              x       -          -      x              -               x          -     -
        run-billing       x              x       -          -      -              -               -          -     -
        read-licences     x              x       -          -      x              -               -          -     -
        manage-licences   x              -       -          -      -              -               -          -     -
        read-events       x              -       -          -      -              -               x          -     -
        read-grant        -              -       -          -      -              -               -          x     -
        consent-at-agent  -              -       -          -      -              -               -          x     -
        enrol-agents      x              -       x          -      x              -               -          -     -
        choose-provider   -              -       -          -      x              -               -          -     -
        manage-people     x              -       -          -      x              -               -          -     x
        read-audit        x              -       -          -      x              -               -          -     x
        correct-readings  x              x       -          -      -              -               -          -     -
        read-health       -              -       -          -      -              -               -          -     x
        manage-reports    x              x       x          -      x              -               -          -     -
        manage-devices    x              -       x          -      x              -               -          -     -
        """;

    [TestCaseSource(nameof(Cells))]
    public void A_role_may_exactly_what_its_column_says(string role, string right, bool allowed) =>
        Assert.That(Rights.Allow(role, Enum.GetValues<Right>().Single(r => Rights.NameOf(r) == right)), Is.EqualTo(allowed));

    [Test]
    public void The_table_has_every_right_and_every_role()
    {
        Assert.That(Rows.Skip(1).Select(row => row[0]), Is.EquivalentTo(Enum.GetValues<Right>().Select(Rights.NameOf)));
        Assert.That(Rows[0], Is.EquivalentTo(Rights.Roles));
    }

    [Test]
    public void A_role_nobody_knows_may_nothing() =>
        Assert.That(Enum.GetValues<Right>().Where(right => Rights.Allow("root", right)), Is.Empty);

    [Test]
    public void A_narrowed_token_may_less_than_its_role_and_never_more()
    {
        var narrowed = new Caller("x", ["technician"], "demo-dealer", ["acme"], ["read-fleet", "run-billing"]);
        Assert.That(Enum.GetValues<Right>().Where(narrowed.May), Is.EqualTo(new[] { Right.ReadFleet }));
        Assert.That((narrowed with { Scope = null }).May(Right.ReadAlerts), Is.True);
    }

    private static List<string[]> Rows => [.. Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<TestCaseData> Cells =>
        from row in Rows.Skip(1)
        from column in Rows[0].Index()
        select new TestCaseData(column.Item, row[0], row[column.Index + 1] == "x");
}
