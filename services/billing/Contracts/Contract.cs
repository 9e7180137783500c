using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Billing.Contracts;

/// <summary>Stream <c>contract/{id}</c>.</summary>
public abstract record ContractEvent
{
    /// <param name="Provider">Who bills; its series numbers the invoices.</param>
    /// <param name="By">The token's subject.</param>
    public sealed record ContractSigned(string ContractId, string Provider, Terms Terms, string By, DateTimeOffset At) : ContractEvent;
}

/// <summary>A contract between a provider and a tenant.</summary>
public sealed record Contract(string Id, string Provider, Terms? Terms)
{
    public static readonly Contract None = new("", "", null);

    public static readonly StreamType<Contract, ContractEvent> Stream = new("contract", None, Evolve)
    {
        Events = { ["contract_signed"] = typeof(ContractEvent.ContractSigned) },
    };

    public static string Key(string id) => $"contract/{id}";

    public static Contract Evolve(Contract contract, ContractEvent e) => e switch
    {
        ContractEvent.ContractSigned signed => new(signed.ContractId, signed.Provider, signed.Terms),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}
