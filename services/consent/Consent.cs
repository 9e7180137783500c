using Fleet.Consent.AgentPages;
using Fleet.Consent.Consents;
using Fleet.Consent.Grants;
using Fleet.Consent.Receipts;
using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;

namespace Fleet.Consent;

/// <summary>What a customer allows: granted and withdrawn by the customer alone, and told to everybody who collects or uses.</summary>
public static class Consent
{
    public static readonly Module Module = new("consent")
    {
        Streams = [TenantConsent.Stream, AgentPage.Stream, AccessRefusals.Stream],
        Views = [Consents.Consents.View, ConsentChanges.View],
        Tables = [SiteAgents.Table, SignReceipt.Table, Auditor.Grant, TenantAccess.Table],
        Announcements = [.. AnnounceConsent.All, AccessRefusals.Announcement],
        Retold = AnnounceConsent.All,
        Consumers = [PublishNotice.Consumer, EndConsentsConsumer.Consumer, TellConsentsConsumer.Consumer, .. TenantAccess.Consumers],
        Says = [typeof(ConsentsTold)],
        Routes = [GrantConsentRoute.Map, WithdrawConsentRoute.Map, ConsentsRoute.Map, ConsentTextRoute.Map, ReceiptRoutes.Map, ReceiptKeys.Map, IssueGrantRoute.Map, CloseAgentPageRoute.Map, ConsentAtAgentRoutes.Map],
    };
}
