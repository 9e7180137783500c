using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Identity.People;

public static class ErasePerson
{
    /// <summary>For good. What it did stays, under its id; who it was is nowhere any more.</summary>
    public static Decision<PersonEvent> Decide(string by, Person person, DateTimeOffset now) => person.Stage switch
    {
        PersonStage.Unknown => PersonRoutes.Unknown,
        PersonStage.Erased => Decision<PersonEvent>.Nothing,
        _ => new PersonEvent.Erased(by, now),
    };
}

public static class Erasing
{
    /// <summary>The event and the end of the key are one transaction: there is no erased person with a key, and none without one that is not erased.</summary>
    public static async Task<Refusal?> EraseAsync(ModuleContext module, Home home, string person, string by, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = module.Store.BatchSession();
            var stream = (await session.FetchForWriting<Person>([(home.StoreTenant, Person.Key(person))], cancel))[0];
            var decision = ErasePerson.Decide(by, stream.Aggregate, module.Clock.GetUtcNow());
            if (decision.Refusal is not null || decision.Events.Count == 0)
                return decision.Refusal;
            stream.AppendMany(decision.Events);
            await PersonKeys.DestroyAsync(session, person, cancel);
            try
            {
                await session.SaveChangesAsync(cancel);
                return null;
            }
            catch (ConcurrencyException) when (attempt < 5)
            {
                // The person did something at the same moment: look again.
            }
        }
    }
}
