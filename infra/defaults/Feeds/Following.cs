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
        var patience = new CancellationTokenSource(idle, module.Clock);
        try
        {
            while (true)
            {
                IReadOnlyList<IEvent> page = [];
                // Other tenants' events come and go in here without a word to this reader, and do not count as one.
                while (page.Count == 0 && await BeyondAsync(module.Store, after, patience.Token, cancel) is { } settled)
                {
                    page = await module.Store.ReadAllAsync(after, PageSize, tenants, cancel);
                    // All up to what was settled before the look has been seen; none of it is read again.
                    after = page.Count == PageSize ? page[^1].Sequence : Math.Max(settled, page.Count > 0 ? page[^1].Sequence : 0);
                }
                yield return page;
                patience.Dispose();
                patience = new CancellationTokenSource(idle, module.Clock);
            }
        }
        finally
        {
            patience.Dispose();
        }
    }

    private static async Task<long?> BeyondAsync(DocumentStore store, long after, CancellationToken patience, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, cancel);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return await store.WaitBeyondAsync(after, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
