// known consents -> ConsentsAsked -> consent -> ConsentsTold -> what stands now
using System.Collections.Concurrent;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using MassTransit;

namespace Fleet.Telemetry.Consents;

/// <summary>
/// Which consents stand now, from the service that knows. News over the bus is a moment late; in that moment the gate would keep what a withdrawal already forbids.
/// So it asks, once per transaction, after the batches have come. While consent does not answer, nothing is accepted: the batches wait at the broker.
/// </summary>
public sealed class AskConsents(IPublishEndpoint bus)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Of this process, whichever module asked: an id is given once.
    private static readonly ConcurrentDictionary<Guid, TaskCompletionSource<ConsentsTold>> Open = new();

    /// <exception cref="TimeoutException">No answer; ask again.</exception>
    public async Task<ConsentsAsOf> NowAsync(IReadOnlyDictionary<string, Consent> known, CancellationToken cancel)
    {
        if (known.Count == 0)
            return new(DateTimeOffset.MinValue, known);
        var question = new ConsentsAsked(NewId.NextGuid(), [.. known.Select(tenant => new KnownConsents(tenant.Key, tenant.Value.Version))]);
        var answer = Open[question.QuestionId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await bus.Publish(question, context => context.TimeToLive = Patience, cancel).WaitAsync(Patience, cancel);
            var told = await answer.Task.WaitAsync(Patience, cancel);
            return new(told.At, Learn(known, told));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The consent service has not said within {Patience.TotalSeconds:0} s what stands for {known.Count} tenants; their batches wait");
        }
        finally
        {
            Open.TryRemove(question.QuestionId, out _);
        }
    }

    /// <summary>A queue per process: an answer must reach the one that asked.</summary>
    public static readonly Consumer Answers = new("hear-consents", (endpoint, _) =>
    {
        endpoint.ListenTo(BusNames.Of(typeof(ConsentsTold)), passing: true);
        endpoint.Handler<ConsentsTold>(answer =>
        {
            if (Open.TryGetValue(answer.Message.QuestionId, out var waiting))
                waiting.TrySetResult(answer.Message);
            return Task.CompletedTask;
        });
    }, typeof(ConsentsTold))
    { OfProcess = true };

    private static Dictionary<string, Consent> Learn(IReadOnlyDictionary<string, Consent> known, ConsentsTold told)
    {
        var standing = new Dictionary<string, Consent>(known);
        foreach (var newer in told.Newer)
            standing[newer.TenantId] = new(newer.Version, LearnConsent.Spans(newer.Purposes), LearnConsent.Spans(newer.FieldGroups));
        return standing;
    }
}
