using Fleet.Defaults;

namespace Fleet.Identity.People;

public static class RemoveSecondFactor
{
    /// <summary>By the person (who has shown a code), or by who manages it when telephone and recovery codes are gone.</summary>
    public static Decision<PersonEvent> Decide(string by, Person person, DateTimeOffset now) => person switch
    {
        { Stage: PersonStage.Unknown or PersonStage.Erased } => PersonRoutes.Unknown,
        { SecondFactor: null } => Decision<PersonEvent>.Nothing,
        _ => new PersonEvent.SecondFactorRemoved(by, now),
    };
}
