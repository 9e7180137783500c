namespace Fleet.Cli.Local;

/// <summary>Bounded waiting: looks, pauses a little, looks again, until true or out of time.</summary>
public static class Wait
{
    public static Task<bool> UntilAsync(Func<bool> done, TimeSpan limit, TimeProvider clock, CancellationToken stop = default) =>
        UntilAsync(() => Task.FromResult(done()), limit, clock, stop);

    public static async Task<bool> UntilAsync(Func<Task<bool>> done, TimeSpan limit, TimeProvider clock, CancellationToken stop = default)
    {
        var began = clock.GetTimestamp();
        while (!await done())
        {
            if (clock.GetElapsedTime(began) > limit)
                return false;
            await Task.Delay(Pause, clock, stop);
        }

        return true;
    }

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
}
