using Fleet.Testing;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>Two regions beside each other, and customers of one provider in the first that may go to the second.</summary>
public abstract class EuToUs
{
    /// <summary>Each with an administrator in both regions, the client <c>{tenant}-admin</c>; but in the second not those of <see cref="OnlyInEu"/>.</summary>
    protected abstract string[] Tenants { get; }

    protected virtual string[] OnlyInEu => [];

    private protected RegionsPlan Plan { get; private set; } = null!;
    private protected RunningRegion Eu { get; private set; } = null!;
    private protected RunningRegion Us { get; private set; } = null!;

    /// <summary>All that has been written, said and logged in the second since the start.</summary>
    private protected Searched InUs { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Plan = new RegionsPlan("eu", "us", "uk");
        Eu = await StartAsync("eu", Plan, ClientsFor(Tenants));
        Us = await StartAsync("us", Plan, ClientsFor([.. Tenants.Except(OnlyInEu)]));
        InUs = await Searched.FromNowAsync(Us.Service);
    }

    [OneTimeTearDown]
    public async Task Stop() => await Ending.AllAsync(
        ("the search", () => InUs.DisposeAsync().AsTask()), ("us", () => Us.DisposeAsync().AsTask()), ("eu", () => Eu.DisposeAsync().AsTask()), ("the plan", Plan.RemoveAsync));

    private static object[] ClientsFor(params string[] tenants) =>
        [Client("boss", "provider-admin", provider: "dealer"), .. tenants.Select(tenant => Client($"{tenant}-admin", "customer-admin", tenant: tenant))];
}
