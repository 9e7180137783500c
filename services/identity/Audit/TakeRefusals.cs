// audit.AccessRefused of any other service -> claim its id -> stream refusal/{service} of the caller's house -> audit_trail
using Fleet.Contracts.Audit.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.People;

namespace Fleet.Identity.Audit;

/// <summary>What the other services refused comes into the one trail, as the event it was there, under the id it had. (Identity's own lies in its store already.)</summary>
public static class TakeRefusals
{
    private const string Claims = "access-refused";

    public static readonly Consumer Consumer = Consumer.On<AccessRefused>("take-refusals", async (refused, delivery) =>
    {
        await using var session = delivery.Module.Store.BatchSession();
        if ((await session.ClaimAsync(Claims, [delivery.MessageId.ToString("n")], delivery.Cancel)).Count > 0)
            session.Append(new Home(refused.ProviderId, refused.TenantId).StoreTenant, AccessRefusals.Key(refused.Service), new NewEvent(Event(refused), delivery.MessageId));
        await session.SaveChangesAsync(delivery.Cancel);
    });

    private static RefusalEvent.Counted Event(AccessRefused refused) => new(
        refused.Kind, refused.By, refused.Role, refused.Problem, refused.Missing, refused.AskedTenantId, refused.Route, refused.Times, refused.First, refused.Last);
}
