using System.Runtime.CompilerServices;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>
/// The committed sequence, page after page and then live: behind every feed that leaves the API (server-sent events, gRPC). A position means the
/// same in every replica, because it is the sequence itself.
/// </summary>
public static class Following
{
    // What one reader holds in memory at most. It takes the next page when it has passed this one on, so a slow reader slows only itself.
    private const int PageSize = 200;

    /// <summary>Never ends by itself. A page is empty when nothing came for <paramref name="idle"/>: time for a sign of life.</summary>
    /// <param name="after">Sequence of the last event already handled; 0 for everything.</param>
    public static async IAsyncEnumerable<IReadOnlyList<IEvent>> FollowAsync(
        this ModuleContext module, long after, IReadOnlyCollection<string> tenants, TimeSpan idle, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var settled = await BeyondAsync(module, after, idle, cancel);
            if (settled is null)
            {
                yield return [];
                continue;
            }
            var page = await module.Store.ReadAllAsync(after, PageSize, tenants, cancel);
            // All up to what was settled before the look has been seen; other tenants' events are not read again.
            after = page.Count == PageSize ? page[^1].Sequence : Math.Max(settled.Value, page.Count > 0 ? page[^1].Sequence : 0);
            if (page.Count > 0)
                yield return page;
        }
    }

    private static async Task<long?> BeyondAsync(ModuleContext module, long after, TimeSpan idle, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(idle, module.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            return await module.Store.WaitBeyondAsync(after, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
