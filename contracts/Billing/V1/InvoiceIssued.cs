namespace Fleet.Contracts.Billing.V1;

/// <summary>An invoice left draft and will not change any more.</summary>
/// <param name="Period"><c>yyyy-MM</c> in the contract's time zone.</param>
/// <param name="Total">Payable amount in <paramref name="Currency"/> (ISO 4217).</param>
public sealed record InvoiceIssued(
    string TenantId, string InvoiceId, string Number, string ContractId, string Period, decimal Total, string Currency, DateTimeOffset At);
