namespace Fleet.Snmp;

// names -> Next (what to ask) -> Take (what came) -> Next … -> Reply
/// <summary>
/// A Get in as few packets as the device allows. Too big or a general error: the same names in halves. An error at one name (as SNMPv1
/// has for "no such name"): the others again without it. Ends always: each answer settles a name or halves a question.
/// </summary>
internal sealed class GetPlan
{
    private readonly IReadOnlyList<Oid> names;
    private readonly SnmpValue[] values;
    private readonly Stack<int[]> questions = new();
    private int[] asked = [];
    private SnmpErrorStatus error;

    public GetPlan(IReadOnlyList<Oid> names, int perRequest)
    {
        (this.names, values) = (names, new SnmpValue[names.Count]);
        Array.Fill(values, SnmpValue.Null);
        for (var end = names.Count; end > 0;)
        {
            var first = (end - 1) / perRequest * perRequest;
            var question = new int[end - first];
            for (var i = 0; i < question.Length; i++) question[i] = first + i;
            questions.Push(question);
            end = first;
        }
    }

    public VarBind[]? Next() => questions.TryPop(out asked!) ? Array.ConvertAll(asked, i => VarBind.Asked(names[i])) : null;

    public void Take(SnmpPdu answer)
    {
        if (answer.ErrorStatus is SnmpErrorStatus.NoError) Settle(answer.VarBinds);
        else if (answer.ErrorStatus is not SnmpErrorStatus.TooBig && answer.ErrorIndex >= 1 && answer.ErrorIndex <= asked.Length)
            Without(answer.ErrorIndex - 1, answer.ErrorStatus);
        else Halve(answer.ErrorStatus);
    }

    public SnmpReply Reply(SnmpOutcome outcome)
    {
        var varBinds = new VarBind[names.Count];
        for (var i = 0; i < varBinds.Length; i++) varBinds[i] = new(names[i], values[i]);
        return new(outcome is SnmpOutcome.Answered && error is not SnmpErrorStatus.NoError ? SnmpOutcome.Refused : outcome, varBinds, error);
    }

    private void Settle(IReadOnlyList<VarBind> answers)
    {
        var left = new List<int>();
        for (var i = 0; i < asked.Length; i++)
        {
            // In the order asked, as the standard wants it; by name where a device shuffles or shortens.
            var (name, found) = (names[asked[i]], i < answers.Count && answers[i].Name == names[asked[i]] ? i : -1);
            for (var k = 0; found < 0 && k < answers.Count; k++) if (answers[k].Name == name) found = k;
            if (found >= 0) values[asked[i]] = answers[found].Value;
            else left.Add(asked[i]);
        }
        if (left.Count == asked.Length) error = SnmpErrorStatus.GenErr;     // nothing of what was asked
        else if (left.Count > 0) questions.Push([.. left]);
    }

    private void Without(int position, SnmpErrorStatus status)
    {
        if (status is SnmpErrorStatus.NoSuchName) values[asked[position]] = SnmpValue.NoSuchObject;
        else error = status;
        if (asked.Length > 1) questions.Push([.. asked[..position], .. asked[(position + 1)..]]);
    }

    private void Halve(SnmpErrorStatus status)
    {
        if (asked.Length == 1)
        {
            Without(0, status);
            return;
        }
        questions.Push(asked[(asked.Length / 2)..]);
        questions.Push(asked[..(asked.Length / 2)]);
    }
}
