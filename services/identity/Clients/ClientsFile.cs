using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Identity.Clients;

/// <summary>
/// Registers at every start what the file named by FLEET_IDENTITY_CLIENTS wants and the store does not have yet. A file that cannot be
/// meant stops the start: better no identity than one that half knows its clients.
/// </summary>
public sealed class ClientsFile(ModuleContext module) : IHostedService
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (module.Settings["FLEET_IDENTITY_CLIENTS"] is not { Length: > 0 } path)
            return;
        var log = module.Logs.CreateLogger<ClientsFile>();
        foreach (var wanted in await ReadAsync(path, cancellationToken))
        {
            var outcome = await module.DecideAsync<Client, ClientEvent>(
                StoreTenants.Platform, Client.Key(wanted.ClientId),
                client => RegisterClient.Decide(wanted, client, module.Clock.GetUtcNow()), cancellationToken);
            if (outcome.Refusal is { } refusal)
                throw new InvalidOperationException($"{path}: {refusal.Detail}");
            foreach (var e in outcome.Events)
                log.LogInformation("{Client}: {Event}", wanted.ClientId, e.GetType().Name);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<IReadOnlyList<WantedClient>> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<List<WantedClient>>(file, Strict, cancel) ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"FLEET_IDENTITY_CLIENTS, {path}: {e.Message}", e);
        }
    }
}
