using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Defaults;

/// <summary>Starts and stops all modules side by side: none waits for another's broker or database. Only, who puts questions to others ends while these still answer.</summary>
internal sealed class ModuleRunner(IEnumerable<RunningModule> modules) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(modules.Select(m => m.StartAsync(cancellationToken)));

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var turn in modules.GroupBy(module => module.Asks).OrderByDescending(turn => turn.Key))
            await Task.WhenAll(turn.Select(module => module.StopAsync(cancellationToken)));
    }
}
