using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Defaults;

/// <summary>Starts and stops all modules side by side: none waits for another's broker or database.</summary>
internal sealed class ModuleRunner(IEnumerable<RunningModule> modules) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(modules.Select(m => m.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(modules.Select(m => m.StopAsync(cancellationToken)));
}
