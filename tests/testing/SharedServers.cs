using NUnit.Framework;

namespace Fleet.Testing;

/// <summary>
/// The servers of one test assembly, started by the first test that asks and stopped after the last. A test project has one line for it,
/// in its root namespace: <c>[SetUpFixture] public class Servers : SharedServers;</c>
/// </summary>
public abstract class SharedServers
{
    private static bool s_stopped = true;
    private static Lazy<Task<TestServers>> s_servers = new(TestServers.StartAsync);

    /// <exception cref="InvalidOperationException">The project has no such line, so nobody would stop them.</exception>
    public static Task<TestServers> StartedAsync() => s_stopped
        ? throw new InvalidOperationException("Put `[SetUpFixture] public class Servers : SharedServers;` in the root namespace of this test project")
        : s_servers.Value;

    [OneTimeSetUp]
    public void Allow() => s_stopped = false;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        s_stopped = true;
        if (s_servers.IsValueCreated)
            await (await s_servers.Value).DisposeAsync();
        s_servers = new(TestServers.StartAsync);
    }
}
