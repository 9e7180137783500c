using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>
/// For answers that outlive a request: cancelled when the caller no longer sees the same tenants as when it began, or when nobody can say whether it does. It comes back and is told what it may
/// see now. Customers' own people are not looked at.
/// </summary>
public sealed class AccessLife : IAsyncDisposable
{
    // A withdrawal ends an open stream within this, and the time the news takes over the bus.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _over = new(), _done = new();
    private readonly Task _watching;

    private AccessLife(HttpContext http, Caller began, TimeProvider clock) => _watching = began.IsOfCustomer ? Task.CompletedTask : WatchAsync(http, began, clock);

    public CancellationToken Token => _over.Token;

    /// <summary>What the caller may see now, once the token is cancelled; null when nobody can say.</summary>
    public Caller? Left { get; private set; }

    public static AccessLife Of(HttpContext http, Caller began, TimeProvider clock) => new(http, began, clock);

    private async Task WatchAsync(HttpContext http, Caller began, TimeProvider clock)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, clock);
            while (await timer.WaitForNextTickAsync(_done.Token))
            {
                Left = await NarrowCaller.NowAsync(http);
                if (Left.Tenants.SequenceEqual(began.Tenants, StringComparer.Ordinal) && Same(Left.Access, began.Access))
                    continue;
                break;
            }
        }
        catch (OperationCanceledException) when (_done.IsCancellationRequested)
        {
            return;
        }
        catch (Exception)
        {
            Left = null; // whatever it is, nobody can say any more: the answer ends
        }
        await _over.CancelAsync();
    }

    private static bool Same(IReadOnlyDictionary<string, Allowed>? now, IReadOnlyDictionary<string, Allowed>? before) =>
        now is null || before is null ? ReferenceEquals(now, before) : now.Count == before.Count && now.All(one =>
            before.TryGetValue(one.Key, out var then) && then.Purposes.ToHashSet().SetEquals(one.Value.Purposes) && then.Features.ToHashSet().SetEquals(one.Value.Features));

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _watching;
        _over.Dispose();
        _done.Dispose();
    }
}
