namespace Fleet.Testing;

/// <summary>Bounded waits that say what they waited for.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until <paramref name="enough"/> holds for what it sees; the failure tells what was seen last.</summary>
    /// <param name="what">What is waited for, as the end of "waited for …".</param>
    public static async Task<T> IsAsync<T>(string what, Func<Task<T>> look, Func<T, bool> enough, TimeSpan? within = null)
    {
        var limit = within ?? Limit;
        var began = TestClock.Real.GetTimestamp();
        while (true)
        {
            var seen = await LookAsync(what, look(), limit);
            if (enough(seen))
                return seen;
            if (TestClock.Real.GetElapsedTime(began) > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s for {what}; last seen: {seen}");
            await Task.Delay(Pause, TestClock.Real);
        }
    }

    // A look may take its time, but not for ever: that would be a wait without a bound inside a bounded one.
    private static async Task<T> LookAsync<T>(string what, Task<T> look, TimeSpan limit)
    {
        await Ending.OneAsync($"a look at {what}", look, limit + Limit);
        return await look;
    }

    public static Task IsTrueAsync(string what, Func<Task<bool>> look, TimeSpan? within = null) => IsAsync(what, look, seen => seen, within);
}
