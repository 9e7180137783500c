using System.Threading.Channels;

namespace Fleet.Agent.Polling;

/// <summary>One running task per device of a list that may change: what joins it is begun, what leaves it is ended.</summary>
/// <param name="follow">Follows one device until it is cancelled; the number is its place among those begun together.</param>
internal sealed class FollowDevices(Func<Target, int, CancellationToken, Task> follow)
{
    private readonly Channel<IReadOnlyList<Target>> orders = Channel.CreateUnbounded<IReadOnlyList<Target>>();
    private readonly Dictionary<string, (CancellationTokenSource Until, Task Task)> followed = [];

    public int Count { get; private set; }

    public void Order(IReadOnlyList<Target> targets) => orders.Writer.TryWrite(targets);

    /// <summary>Ends when it is stopped and every task has ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var ending = new List<Task>();
        try
        {
            await foreach (var targets in orders.Reader.ReadAllAsync(stop))
            {
                var wanted = targets.DistinctBy(target => target.Name).ToDictionary(target => target.Name);
                foreach (var name in followed.Keys.Except(wanted.Keys).ToList()) ending.Add(EndAsync(name));
                foreach (var (name, place) in wanted.Keys.Except(followed.Keys).Select((name, place) => (name, place)).ToList())
                {
                    var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    followed.Add(name, (until, follow(wanted[name], place, until.Token)));
                }
                ending.RemoveAll(end => end.IsCompletedSuccessfully);
                Count = followed.Count;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        await Task.WhenAll([.. ending, .. followed.Keys.ToList().Select(EndAsync)]);
    }

    private async Task EndAsync(string name)
    {
        followed.Remove(name, out var one);
        await one.Until.CancelAsync();
        await one.Task;
        one.Until.Dispose();
    }
}
