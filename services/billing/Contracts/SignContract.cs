// POST /contracts -> Decide -> stream contract/{id} -> Contracts -> GET /contracts
using System.Text;
using Fleet.Billing.Amounts;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Billing.Contracts;

/// <summary>A contract to sign.</summary>
/// <param name="TenantId">The customer.</param>
/// <param name="Name">Unique per tenant; gives the contract its id: <c>Office printing</c> → <c>acme.office-printing</c>.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">IANA.</param>
/// <param name="BaseFee">Per month, not finer than the currency's minor units.</param>
/// <param name="Devices"><c>"all"</c> or a list of device ids.</param>
/// <param name="ToleranceDays">0..31, 5 unless given: how old the first start reading of a meter may be.</param>
public sealed record ContractOffer(
    string TenantId, string Name, string Currency, string TimeZone, DateOnly StartsOn, decimal BaseFee,
    IReadOnlyList<ChargeOffer> Charges, DeviceScope Devices, int ToleranceDays = 5);

/// <summary>Pages of one kind at one price.</summary>
/// <param name="IncludedPages">Per device and month.</param>
/// <param name="PricePerPage">Up to 6 decimals.</param>
/// <param name="ReadFrom">Device counters that count these pages, alternatives, the preferred first, each one counter or a sum: <c>["mono", "print.mono+copy.mono"]</c>; the usual ones unless given, which never name <c>total</c> or <c>life</c>.</param>
public sealed record ChargeOffer(string Counter, long IncludedPages, decimal PricePerPage, IReadOnlyList<string>? ReadFrom = null);

public static class SignContract
{
    private const int LongestName = 100, PriceDecimals = 6;

    // Far beyond any contract, and far below where a sum of lines could overflow.
    private const decimal HighestFee = 1_000_000_000m, HighestPrice = 1_000_000m;

    public static string IdOf(ContractOffer offer) => $"{offer.TenantId}.{Slug(offer.Name ?? "")}";

    public static Decision<ContractEvent> Decide(ContractOffer offer, Contract contract, string? provider, string by, DateTimeOffset at)
    {
        if (provider is null)
            return Refusal.Forbidden("no-provider", "Only somebody who works for a provider can sign its contracts: the token names none.");
        if (Wrong(offer) is { } wrong)
            return Refusal.Invalid("contract", wrong);

        var currency = Amounts.Currency.Of(offer.Currency);
        var terms = new Terms(offer.Name, currency, offer.TimeZone, offer.StartsOn, new(offer.BaseFee, currency),
            [.. offer.Charges.Select(c => new Charge(c.Counter, c.IncludedPages, c.PricePerPage, c.ReadFrom ?? CounterSum.Usual(c.Counter)))], offer.Devices, offer.ToleranceDays);
        return contract.Terms is null ? new ContractEvent.ContractSigned(IdOf(offer), provider, terms, by, at)
            // Asked again, perhaps because the first answer got lost: it is so already.
            : contract.Provider == provider && contract.Terms.Says(terms) ? Decision<ContractEvent>.Nothing
            : Refusal.Conflict("contract-exists", $"{contract.Id} is signed already; terms that change come with a later version. Take another name.");
    }

    private static string? Wrong(ContractOffer offer) =>
        Slug(offer.Name ?? "") is "" || offer.Name!.Length > LongestName ? $"name needs a letter or digit, and at most {LongestName} characters"
        : !Amounts.Currency.TryOf(offer.Currency, out var currency) ? $"'{offer.Currency}' is no currency of ISO 4217"
        : !Period.IsTimeZone(offer.TimeZone ?? "") ? $"'{offer.TimeZone}' is no time zone of the IANA database"
        : offer.StartsOn.Year is < 2000 or > 2099 ? "startsOn lies outside 2000..2099"
        : offer.BaseFee is < 0 or > HighestFee || !Money.IsPayable(offer.BaseFee, currency) ? $"baseFee is an amount {currency} can be paid in ({currency.MinorUnits} decimals), 0 to {HighestFee:N0}"
        : offer.Charges is null ? "charges is missing"
        : offer.Charges.Select(c => c?.Counter).Distinct().Count() != offer.Charges.Count ? "a counter has two charges"
        : offer.Charges.Select(Wrong).FirstOrDefault(wrong => wrong is not null) is { } wrong ? wrong
        : Overlap(offer.Charges) is { } twice ? $"'{twice}' serves two charges, so its pages would be billed twice"
        : offer.Devices is null || offer.Devices.Only?.Any(string.IsNullOrWhiteSpace) == true ? "devices is \"all\" or a list of device ids"
        : offer.ToleranceDays is < 0 or > 31 ? "toleranceDays is 0..31"
        : null;

    private static string? Wrong(ChargeOffer? charge) =>
        string.IsNullOrWhiteSpace(charge?.Counter) ? "a charge names no counter"
        : charge.IncludedPages < 0 ? $"includedPages of {charge.Counter} is below 0"
        : charge.PricePerPage is < 0 or > HighestPrice || decimal.Round(charge.PricePerPage, PriceDecimals) != charge.PricePerPage ? $"pricePerPage of {charge.Counter} is 0 to {HighestPrice:N0} and has at most {PriceDecimals} decimals"
        : charge.ReadFrom is { Count: 0 } || charge.ReadFrom?.Any(sum => CounterSum.Parse(sum) is null) == true ? $"readFrom of {charge.Counter} is a list of counters or sums of counters: \"print.mono+copy.mono\""
        : null;

    private static string? Overlap(IReadOnlyList<ChargeOffer> charges) =>
        charges.SelectMany(c => (c.ReadFrom ?? CounterSum.Usual(c.Counter)).SelectMany(sum => CounterSum.Parse(sum)!.Counters).Distinct())
            .GroupBy(counter => counter).FirstOrDefault(uses => uses.Count() > 1)?.Key;

    // ASCII letters and digits stay, everything between them is one dash. No dot: that is what ends the tenant's part of the id.
    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        return slug.ToString().TrimEnd('-');
    }
}

public static class SignContractRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) => app
        .MapPost("/api/v1/contracts", async (ContractOffer offer, Caller caller, CancellationToken cancel) =>
        {
            if (!caller.Sees(offer.TenantId))
                return caller.Unseen(offer.TenantId).ToResult();
            var id = SignContract.IdOf(offer);
            var outcome = await module.DecideAsync<Contract, ContractEvent>(offer.TenantId, Contract.Key(id),
                contract => SignContract.Decide(offer, contract, caller.Provider, caller.Id, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult()
                ?? Results.Created($"/api/v1/contracts/{id}", ContractAnswer.Of(offer.TenantId, id, outcome.State.Terms!));
        })
        .Requires(Right.RunBilling)
        .Idempotent(module)
        .WithName("SignContract").WithSummary("A new contract of a tenant with the caller's provider")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<ContractAnswer>(StatusCodes.Status201Created);
}
