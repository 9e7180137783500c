using System.Diagnostics;
using System.Runtime.Versioning;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Tests;

[SupportedOSPlatform("linux")]
public class StateTests
{
    private StateDirectory _directory = null!;

    [SetUp]
    public void Create()
    {
        _directory = new(Directory.CreateTempSubdirectory("fleet-state-").FullName);
        _directory.Create();
    }

    [TearDown]
    public void Delete() => Directory.Delete(_directory.Root, recursive: true);

    [Test]
    public void What_is_saved_is_read_back()
    {
        var state = State(Recorded("host", ProcessIdentity.Of(Environment.ProcessId)!));
        state.Save(_directory);

        var read = FleetState.Load(_directory)!;
        Assert.That(read with { Processes = [], Containers = [] }, Is.EqualTo(state with { Processes = [], Containers = [] }));
        Assert.That(read.Processes, Is.EqualTo(state.Processes));
    }

    [Test]
    public void The_state_and_secrets_are_for_their_owner_alone()
    {
        State().Save(_directory);

        Assert.That(File.GetUnixFileMode(_directory.StateFile), Is.EqualTo(PrivateFile.Mode));
        Assert.That(File.GetUnixFileMode(_directory.Secrets), Is.EqualTo(PrivateFile.DirectoryMode));
    }

    [Test]
    public void A_half_written_state_is_one_line_naming_the_file()
    {
        File.WriteAllText(_directory.StateFile, """{"port":80""");

        var failure = Assert.Throws<FleetException>(() => FleetState.Load(_directory));
        Assert.That(failure!.Message, Does.Contain(_directory.StateFile).And.Not.Contain("\n"));
    }

    [Test]
    public async Task A_recycled_pid_is_never_stopped()
    {
        using var stranger = Sleeper();
        var recycled = ProcessIdentity.Of(stranger.Id)! with { Started = "another boot:1" };

        await Stop.AllAsync(_directory, State(Recorded("host", recycled)), Servers.Clock);

        Assert.That(stranger.HasExited, Is.False);
        stranger.Kill();
    }

    [Test] // the twin of the one above: with the right start time the same process is stopped
    public async Task A_recorded_process_is_stopped()
    {
        using var ours = Sleeper();

        await Stop.AllAsync(_directory, State(Recorded("host", ProcessIdentity.Of(ours.Id)!)), Servers.Clock);

        Assert.That(ours.WaitForExit(TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(FleetState.Load(_directory)!.Processes, Is.Empty);
    }

    [Test]
    public async Task A_process_nobody_recorded_is_found_by_its_mark()
    {
        var lost = Launch.Detached(["sleep", "60"], new Dictionary<string, string>(), _directory.Root, Path.Combine(_directory.Logs, "lost.log"));
        Assert.That(await Wait.UntilAsync(() => Stop.Marked(_directory).Contains(lost), TimeSpan.FromSeconds(5), Servers.Clock), Is.True, "the mark shows up in its environment");

        await Stop.AllAsync(_directory, null, Servers.Clock);

        Assert.That(lost.IsAlive, Is.False);
    }

    [Test]
    public async Task Another_states_processes_are_left_alone()
    {
        var other = Launch.Detached(["sleep", "60"], new Dictionary<string, string>(), _directory.Root + "-other", Path.Combine(_directory.Logs, "other.log"));

        await Stop.AllAsync(_directory, null, Servers.Clock);

        Assert.That(other.IsAlive, Is.True);
        Signals.Send(other, Signal.Kill);
    }

    [Test]
    public async Task A_state_is_started_by_one_at_a_time()
    {
        using (await StateLock.TakeAsync(_directory, TimeSpan.Zero, Servers.Clock))
            Assert.ThrowsAsync<FleetException>(() => StateLock.TakeAsync(_directory, TimeSpan.Zero, Servers.Clock));

        using var after = await StateLock.TakeAsync(_directory, TimeSpan.Zero, Servers.Clock);
        Assert.That(after, Is.Not.Null);
    }

    [TestCase(8080, 24, true)]
    [TestCase(8080, 48, false)]
    [TestCase(9090, 24, false)]
    public void What_runs_is_taken_for_what_is_asked_only_when_it_is(int port, int printers, bool fits)
    {
        var running = State();
        Assert.That(() => Adopt.Fits(running, new(_directory, port, printers, Seed: 1)), fits ? Is.SameAs(running) : Throws.TypeOf<FleetException>());
    }

    private static Process Sleeper() => Process.Start("sleep", "60");

    private static RecordedProcess Recorded(string name, ProcessIdentity identity) => new(name, identity, "/dev/null");

    private static FleetState State(params RecordedProcess[] processes) => new(
        8080, 24, "http://127.0.0.1:8080", "http://127.0.0.1:8081", 8082, "/ca.pem", DateTimeOffset.UnixEpoch, true, ProcessIdentity.Of(Environment.ProcessId)!, processes, []);
}
