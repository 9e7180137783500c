// enrolment_asked -> rows asked_enrolments -> ApproveEnrolment, DenyEnrolment, GET …/enrolments/asked/{userCode}
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Enrolments;

/// <summary>Which enrolment a user code stands for: the last one that was given it.</summary>
public sealed record AskedEnrolmentRow(string Enrolment, string KeyId, DateTimeOffset At, DateTimeOffset Until);

public static class AskedEnrolments
{
    public static readonly View<AskedEnrolmentRow> View = new("asked_enrolments", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is EnrolmentEvent.Asked asked ? [asked.UserCode] : [];

    private static AskedEnrolmentRow? Evolve(AskedEnrolmentRow? row, IEvent e, string key) =>
        e.Data is EnrolmentEvent.Asked asked ? new(e.StreamKey, new ProofKey(asked.X, asked.Y).Id, asked.At, asked.Until) : row;

    /// <summary>Null when no enrolment waits under this code, be it mistyped, made up or too old.</summary>
    public static async Task<AskedEnrolmentRow?> FindAsync(ModuleContext module, string code, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession([StoreTenants.Platform]);
        return await session.LoadAsync<AskedEnrolmentRow>(StoreTenants.Platform, code, cancel) is { } row && module.Clock.GetUtcNow() < row.Until ? row : null;
    }
}
