using Fleet.Defaults;

namespace Fleet.Identity.People;

public static class DisablePerson
{
    /// <summary>Until invited again. Its sessions end with it.</summary>
    public static Decision<PersonEvent> Decide(string by, Person person, DateTimeOffset now) => person.Stage switch
    {
        PersonStage.Unknown or PersonStage.Erased => PersonRoutes.Unknown,
        PersonStage.Disabled when person.Invitation is null => Decision<PersonEvent>.Nothing,
        _ => new PersonEvent.Disabled(by, now),
    };
}
