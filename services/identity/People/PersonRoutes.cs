using Fleet.Defaults;

namespace Fleet.Identity.People;

public static class PersonRoutes
{
    /// <summary>The same for nobody and for another house's people.</summary>
    public static readonly Refusal Unknown = Refusal.Unknown("unknown-person", "There is no such person in your provider, tenant or platform.");
}
