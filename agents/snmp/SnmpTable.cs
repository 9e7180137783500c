namespace Fleet.Snmp;

/// <summary>Columns of one or several conceptual tables, joined by row index and never by position.</summary>
public sealed class SnmpTable
{
    private static readonly SortedList<Oid, SnmpValue> NoCells = [];

    private readonly Dictionary<Oid, SortedList<Oid, SnmpValue>> columns;

    internal SnmpTable(SnmpOutcome outcome, Dictionary<Oid, SortedList<Oid, SnmpValue>> columns) => (Outcome, this.columns) = (outcome, columns);

    public static readonly SnmpTable Empty = new(SnmpOutcome.Answered, []);

    /// <summary>A table of known cells, each named by its row index: what a capture answers.</summary>
    public static SnmpTable Of(IEnumerable<(Oid Column, IEnumerable<VarBind> Cells)> columns) =>
        new(SnmpOutcome.Answered, columns.ToDictionary(one => one.Column, one => new SortedList<Oid, SnmpValue>(one.Cells.ToDictionary(cell => cell.Name, cell => cell.Value))));

    public SnmpOutcome Outcome { get; }

    /// <summary>A cell; <see cref="SnmpValue.NoSuchInstance"/> where the row has none in this column.</summary>
    public SnmpValue this[Oid column, Oid index] =>
        columns.TryGetValue(column, out var cells) && cells.TryGetValue(index, out var value) ? value : SnmpValue.NoSuchInstance;

    /// <summary>The rows of one column, in the order of their index.</summary>
    public IReadOnlyDictionary<Oid, SnmpValue> Column(Oid column) => columns.TryGetValue(column, out var cells) ? cells : NoCells;

    /// <summary>Every index at least one of the columns has a cell at, in order.</summary>
    public IEnumerable<Oid> Rows(params ReadOnlySpan<Oid> of)
    {
        var rows = new SortedSet<Oid>();
        foreach (var column in of) rows.UnionWith(Column(column).Keys);
        return rows;
    }
}
