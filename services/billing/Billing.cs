using Fleet.Billing.Consents;
using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using Fleet.Defaults;

namespace Fleet.Billing;

/// <summary>Readings to pages, pages to invoices.</summary>
public static class Billing
{
    public static readonly Module Module = new("billing")
    {
        Streams = [Contract.Stream, Meter.Stream, Invoice.Stream, NumberSeries.Stream, BillingConsent.Stream, AccessRefusals.Stream],
        Views = [Contracts.Contracts.View, Meters.Meters.View, MeterReadings.View, Invoices.Invoices.View],
        Tables = [TenantAccess.Table],
        Consumers = [KeepReadingsConsumer.Consumer, FollowConsentConsumer.Consumer, .. TenantAccess.Consumers],
        Announcements = [AnnounceInvoice.Announcement, AccessRefusals.Announcement],
        Routes = [SignContractRoute.Map, ContractRoutes.Map, RunBilling.Map, InvoiceRoutes.Map, Usages.Map],
    };
}
