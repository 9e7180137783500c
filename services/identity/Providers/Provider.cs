using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Identity.Providers;

public abstract record ProviderEvent
{
    /// <summary>A customer is looked after by this provider from now on.</summary>
    public sealed record TookOn(string Tenant, DateTimeOffset At) : ProviderEvent;

    /// <summary>Another provider's customer asks this one to look after it.</summary>
    /// <param name="Until">Then the question is void.</param>
    public sealed record Asked(string Tenant, DateTimeOffset Until, DateTimeOffset At) : ProviderEvent;

    /// <summary>It does not any more, or was declined.</summary>
    public sealed record AskedNoMore(string Tenant, DateTimeOffset At) : ProviderEvent;

    /// <summary>A customer went to another provider.</summary>
    public sealed record LetGo(string Tenant, DateTimeOffset At) : ProviderEvent;
}

/// <summary>
/// A dealer or service organisation, as the list of its customers. Written in the transaction that creates a tenant, so that the next token
/// knows it; it is what "all tenants of the provider" means.
/// </summary>
/// <param name="Tenants">Sorted, without duplicates.</param>
public sealed record Provider(IReadOnlyList<string> Tenants)
{
    public static readonly Provider None = new([]);

    public static readonly StreamType<Provider, ProviderEvent> Stream = new("provider", None, Evolve)
    {
        Events =
        {
            ["provider_took_on"] = typeof(ProviderEvent.TookOn),
            ["provider_asked"] = typeof(ProviderEvent.Asked),
            ["provider_asked_no_more"] = typeof(ProviderEvent.AskedNoMore),
            ["provider_let_go"] = typeof(ProviderEvent.LetGo),
        },
        Snapshot = true, // read at every token of the provider's people
    };

    public static string Key(string provider) => $"provider/{provider}";

    public static Provider Evolve(Provider provider, ProviderEvent e) => e switch
    {
        ProviderEvent.TookOn tookOn => new([.. provider.Tenants.Append(tookOn.Tenant).Distinct().Order(StringComparer.Ordinal)]),
        ProviderEvent.LetGo letGo => new([.. provider.Tenants.Where(tenant => tenant != letGo.Tenant)]),
        ProviderEvent.Asked or ProviderEvent.AskedNoMore => provider, // Takeovers shows them
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}
