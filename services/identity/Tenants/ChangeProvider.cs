using System.Diagnostics;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Providers;

namespace Fleet.Identity.Tenants;

/// <summary>A decision about a tenant's provider, written to the tenant and to the providers it concerns in one transaction: no instant has two, none or the wrong one.</summary>
public static class ChangeProvider
{
    public static async Task<Refusal?> RunAsync(ModuleContext module, string tenantId, Func<Tenant, Decision<TenantEvent>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = module.Store.BatchSession();
            var tenant = (await session.FetchForWriting<Tenant>([(tenantId, Tenant.Key(tenantId))], cancel))[0];
            var decision = decide(tenant.Aggregate);
            if (decision.Refusal is not null || decision.Events.Count == 0)
                return decision.Refusal;

            tenant.AppendMany(decision.Events);
            // A provider's list is a set: these appends expect no version.
            foreach (var (provider, e) in decision.Events.SelectMany(e => AtProviders(tenantId, e)))
                session.Append(StoreTenants.Of(provider), Provider.Key(provider), e);
            try
            {
                await session.SaveChangesAsync(cancel);
                return null;
            }
            catch (ConcurrencyException) when (attempt < 3)
            {
                // The customer took it back, or somebody else accepted: the second look says so.
            }
            catch (ConcurrencyException)
            {
                return Refusal.Conflict("busy", "Others changed the same customer at the same moment; try again.");
            }
        }
    }

    /// <summary>The other half of what happened to a tenant.</summary>
    public static IEnumerable<(string Provider, ProviderEvent Event)> AtProviders(string tenant, TenantEvent e) => e switch
    {
        TenantEvent.MoveAsked asked => [(asked.To, new ProviderEvent.Asked(tenant, asked.Until, asked.At))],
        TenantEvent.MoveDropped dropped => [(dropped.To, new ProviderEvent.AskedNoMore(tenant, dropped.At))],
        TenantEvent.Moved moved => [(moved.From, new ProviderEvent.LetGo(tenant, moved.At)), (moved.To, new ProviderEvent.TookOn(tenant, moved.At))],
        _ => throw new UnreachableException($"{e.GetType().Name} is about no provider"),
    };
}
