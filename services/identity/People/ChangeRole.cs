using Fleet.Defaults;

namespace Fleet.Identity.People;

public static class ChangeRole
{
    /// <summary>Whoever has tokens of the old role is signed out everywhere: the next ones are of the new role.</summary>
    public static Decision<PersonEvent> Decide(string role, Home home, string by, Person person, DateTimeOffset now) => person switch
    {
        { Stage: PersonStage.Unknown or PersonStage.Erased } => PersonRoutes.Unknown,
        _ when !ManagedPeople.RolesOf(home).Contains(role) => Refusal.Invalid("role", $"'{role}' is no role of these people; there are {string.Join(", ", ManagedPeople.RolesOf(home))}."),
        _ when person.Role == role => Decision<PersonEvent>.Nothing,
        _ => new PersonEvent.RoleChanged(role, by, now),
    };
}
