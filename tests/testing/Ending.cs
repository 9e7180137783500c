using System.Runtime.ExceptionServices;

namespace Fleet.Testing;

/// <summary>Ends what a test started, one after the other, each within a bound. What does not end is named, and keeps nobody after it from ending.</summary>
public static class Ending
{
    // More than a service takes whose broker and database are both away (FleetHost's patience and RunningModule's grace).
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <param name="all">What ends, as the end of "waited for …", and how.</param>
    /// <exception cref="TimeoutException">One of them does not end.</exception>
    public static async Task AllAsync(params (string What, Func<Task> End)[] all)
    {
        var failures = new List<Exception>();
        foreach (var (what, end) in all)
            try
            {
                await OneAsync(what, end());
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        if (failures.Count == 1)
            ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1)
            throw new AggregateException(failures);
    }

    public static async Task OneAsync(string what, Task ending, TimeSpan? within = null)
    {
        var limit = within ?? Limit;
        using var waiting = new CancellationTokenSource();
        if (await Task.WhenAny(ending, Task.Delay(limit, TestClock.Real, waiting.Token)) != ending)
            throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s for {what}, which does not end");
        await waiting.CancelAsync();
        await ending;
    }
}
