// telemetry.ConsentsAsked -> streams consent/{tenant}, held still -> ConsentsTold
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using MassTransit;

namespace Fleet.Consent.Consents;

/// <summary>What stands at this moment, for the gate: whoever has this answer need not wonder what is still on its way over the bus.</summary>
public static class TellConsents
{
    public static async Task<ConsentsTold> AnswerAsync(ModuleContext module, ConsentsAsked asked, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await ChangeConsent.HoldAsync(session, [.. asked.Known.Select(known => known.TenantId)], cancel);
        var standing = await session.FetchForWriting<TenantConsent>([.. asked.Known.Select(known => (known.TenantId, TenantConsent.Key(known.TenantId)))], cancel);
        return new(asked.QuestionId, module.Clock.GetUtcNow(),
            [.. asked.Known.Zip(standing).Where(pair => pair.Second.StartingVersion > pair.First.Version)
                .Select(pair => Told(pair.First.TenantId, pair.Second.StartingVersion, pair.Second.Aggregate))]);
    }

    private static ToldConsents Told(string tenant, long version, TenantConsent consent) =>
        new(tenant, version, AnnounceConsent.Public(consent.Purposes), AnnounceConsent.Public(consent.FieldGroups));
}

public static class TellConsentsConsumer
{
    // Who asked has asked again by then.
    private static readonly TimeSpan Worth = TimeSpan.FromSeconds(10);

    public static readonly Consumer Consumer = new("tell-consents", (endpoint, module) =>
    {
        endpoint.ListenTo(BusNames.Of(typeof(ConsentsAsked)));
        endpoint.Handler<ConsentsAsked>(async question =>
            await question.Publish(await TellConsents.AnswerAsync(module, question.Message, question.CancellationToken), answer => answer.TimeToLive = Worth, question.CancellationToken));
    }, typeof(ConsentsAsked));
}
