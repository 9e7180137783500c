// ConsentChanged -> Decide -> ConsentNotice -> PublishNotice -> exchange `control` -> the control queue of each of the tenant's agents
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Consent.Grants;

/// <summary>A change reaches every connected agent in seconds; one that is away hears of it when it comes back, or has no grant any more by then.</summary>
public static class TellAgents
{
    public static ConsentNotice Decide(ConsentChanged consents) =>
        new(consents.TenantId, consents.Version, Standing(consents.Purposes, consents.At).Count > 0 ? Standing(consents.FieldGroups, consents.At) : []);

    private static IReadOnlyList<string> Standing(IReadOnlyList<ConsentSpan> spans, DateTimeOffset at) =>
        [.. spans.Where(span => span.Until is null && span.From <= at).Select(span => span.Name).Distinct()];
}
