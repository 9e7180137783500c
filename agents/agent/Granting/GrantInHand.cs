using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Granting;

// signed grants, notices of changed consents -> the one grant that counts; visits begun under an older, wider one end

/// <summary>A newer grant replaces the one in hand, also when it opens less; a notice takes away from it at once and gives nothing.</summary>
internal sealed class GrantInHand
{
    /// <summary>Now, and until when visits begun under it may go on.</summary>
    private sealed record Holding(Grant? Grant, CancellationTokenSource Until);

    private readonly Lock one = new();
    private volatile Holding now = new(null, new());
    private ConsentNotice? heard;       // the newest one

    public Grant? Grant => now.Grant;

    /// <returns>Whether anything was taken away; null when the notice is no news to the grant in hand.</returns>
    public bool? Heed(ConsentNotice notice)
    {
        lock (one)
        {
            if (notice.Version <= Math.Max(heard?.Version ?? 0, now.Grant?.Version ?? 0)) return null;
            heard = notice;
            if (now.Grant is not { } held || Left(held) is var left && left.Allowed == held.Allowed) return false;
            Hold(left);
            return true;
        }
    }

    /// <returns>False when a notice had already taken away something this one, on its way since then, still opens.</returns>
    public bool Take(Grant fresh)
    {
        lock (one)
        {
            var left = Left(fresh);
            Hold(left);
            return left == fresh;
        }
    }

    public void Drop()
    {
        lock (one) Hold(null);
    }

    private Grant Left(Grant grant) => heard is { } notice && grant.Version < notice.Version
        ? grant with { Allowed = grant.Allowed & notice.FieldGroups.Aggregate(FieldGroups.None, (groups, word) => groups | Grant.GroupOf(word)) }
        : grant;

    private void Hold(Grant? next)
    {
        var before = now;
        var narrows = before.Grant is { } held && (held.Allowed & ~(next?.Allowed ?? FieldGroups.None)) != FieldGroups.None;
        var until = narrows ? new() : before.Until;
        now = new(next is null ? null : next with { Withdrawn = until.Token }, until);
        if (narrows) before.Until.Cancel();
    }
}
