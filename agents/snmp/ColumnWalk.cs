namespace Fleet.Snmp;

// columns -> Next (what to ask) -> Take (what came) -> Next … -> Table
/// <summary>
/// Reads columns side by side, each to its own end. Partial answers go on from where they stopped, too big ones are asked smaller,
/// and every answer must move a column forward or end one, so no device can hold it in a loop.
/// </summary>
internal sealed class ColumnWalk
{
    private readonly Dictionary<Oid, SortedList<Oid, SnmpValue>> cells = [];
    private readonly List<Cursor> open = [];
    private readonly int maxCells, maxOctets;
    private int width, budget, repetitions = int.MaxValue, count, octets, shrunk;
    private Cursor[] asked = [];
    private SnmpOutcome trouble = SnmpOutcome.Answered;

    private sealed class Cursor(Oid column)
    {
        public Oid Column { get; } = column;
        public Oid At { get; set; } = column;
        public bool IsDone { get; set; }
    }

    /// <param name="width">Columns in one request.</param>
    /// <param name="budget">Values one request asks for over all its columns; 1 where there is no GetBulk.</param>
    public ColumnWalk(IReadOnlyList<Oid> columns, int width, int budget, int maxCells, int maxOctets)
    {
        (this.width, this.budget, this.maxCells, this.maxOctets) = (width, budget, maxCells, maxOctets);
        foreach (var column in columns) if (cells.TryAdd(column, [])) open.Add(new(column));
    }

    public VarBind[]? Next()
    {
        open.RemoveAll(cursor => cursor.IsDone);
        if (open.Count == 0) return null;
        asked = [.. open.Take(width)];
        return Array.ConvertAll(asked, cursor => VarBind.Asked(cursor.At));
    }

    /// <summary>max-repetitions for the names <see cref="Next"/> gave.</summary>
    public int Repetitions => Math.Clamp(budget / asked.Length, 1, repetitions);

    public SnmpTable Table(SnmpOutcome outcome) => new(outcome is SnmpOutcome.Answered ? trouble : outcome, cells);

    /// <summary>
    /// Silence may mean that the answer was too large for the device or for a path that drops fragments: twice the same is asked in a
    /// quarter of the size. False when that has been tried.
    /// </summary>
    public bool Shrink()
    {
        if (asked.Length * Repetitions < 4 || ++shrunk > 2) return false;
        (width, budget) = (Math.Max(1, asked.Length / 4), Math.Max(1, budget / 4));
        return true;
    }

    public void Take(SnmpPdu answer)
    {
        switch (answer.ErrorStatus)
        {
            case SnmpErrorStatus.NoError:
                if (!Advance(answer.VarBinds)) Stop(asked, SnmpOutcome.Looped);
                break;
            case SnmpErrorStatus.NoSuchName when answer.ErrorIndex >= 1 && answer.ErrorIndex <= asked.Length:
                asked[answer.ErrorIndex - 1].IsDone = true;     // how SNMPv1 says that nothing follows
                break;
            case var error when error is not SnmpErrorStatus.TooBig && answer.ErrorIndex >= 1 && answer.ErrorIndex <= asked.Length:
                Stop([asked[answer.ErrorIndex - 1]], SnmpOutcome.Refused);
                break;
            case var _ when Repetitions > 1:
                repetitions = Repetitions / 2;
                break;
            case var _ when asked.Length > 1:
                width = asked.Length / 2;
                break;
            default:
                Stop(asked, SnmpOutcome.Refused);
                break;
        }
    }

    private bool Advance(IReadOnlyList<VarBind> answers)
    {
        var moved = false;
        for (var i = 0; i < answers.Count; i++)
        {
            var cursor = asked[i % asked.Length];
            if (cursor.IsDone) continue;
            moved = true;
            var (name, value) = answers[i];
            if (value.Type is SnmpType.EndOfMibView || !name.StartsWith(cursor.Column)) cursor.IsDone = true;
            else if (name <= cursor.At) Stop([cursor], SnmpOutcome.Looped);
            else
            {
                cursor.At = name;
                if (!value.IsMissing) cells[cursor.Column].Add(name.Below(cursor.Column), value);
                octets += value.Octets.Length;
                if (++count < maxCells && octets < maxOctets) continue;
                Stop(open, SnmpOutcome.LimitReached);
                return true;
            }
        }
        return moved;
    }

    private void Stop(IEnumerable<Cursor> cursors, SnmpOutcome why)
    {
        trouble = why;
        foreach (var cursor in cursors) cursor.IsDone = true;
    }
}
