using Fleet.Defaults;
using Fleet.Identity.Clients;

namespace Fleet.Identity.OAuth;

/// <summary>Programs people sign in through.</summary>
public static class PublicClients
{
    public static readonly TokenError Unknown = TokenError.InvalidClient("'client_id' names no public client, or one that is disabled.");

    public static async Task<bool> KnowAsync(ModuleContext module, string client, CancellationToken cancel)
    {
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        return (await session.Events.FetchForWriting<Client>(Client.Key(client), cancel)).Aggregate is { RedirectUris: not null, IsDisabled: false };
    }
}
