namespace Fleet.Agents.Tests;

/// <summary>Tests that keep something in a directory: each has a fresh one, gone when it ends.</summary>
public abstract class AgentHome
{
    protected string Home { get; private set; } = "";

    [SetUp]
    public void MakeHome() => Home = AgentSamples.FreshDirectory();

    [TearDown]
    public void RemoveHome() => Directory.Delete(Home, recursive: true);
}
