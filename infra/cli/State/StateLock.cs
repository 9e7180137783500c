using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>Held while a state is started or stopped; the kernel lets go of it when the holder dies, however it dies.</summary>
public sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    public static async Task<StateLock> TakeAsync(StateDirectory directory, TimeSpan patience, TimeProvider clock)
    {
        FileStream? file = null;
        if (await Wait.UntilAsync(() => (file = TryOpen(directory)) is not null, patience, clock))
            return new(file!);
        throw new FleetException("Busy", directory.Root, "another ./fleet starts or stops this state; wait for it, or end it first");
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(StateDirectory directory)
    {
        try
        {
            return new FileStream(directory.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }
}
