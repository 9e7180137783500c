namespace Fleet.EventStore.Tests;

/// <summary>A bounded wait that says what it waited for.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(string what, Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"waited {Patience} in vain until {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
