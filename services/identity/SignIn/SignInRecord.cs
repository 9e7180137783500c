using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.SignIn;

/// <summary>A person's stream, or nobody's: who is unknown costs as much work, and leaves as much behind, as who is known.</summary>
public sealed class SignInRecord(ModuleContext module)
{
    public async Task<Person> PersonAsync(KnownPerson? known, CancellationToken cancel)
    {
        await using var session = module.Store.LightweightSession(TenantOf(known));
        return (await session.Events.FetchForWriting<Person>(StreamOf(known), cancel)).Aggregate;
    }

    // Without a version: many may be refused at once, and in nobody's name as well.
    public async Task RefusedAsync(KnownPerson? known, string why, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        session.Append(TenantOf(known), StreamOf(known), new PersonEvent.SignInRefused(why, module.Clock.GetUtcNow()));
        await session.SaveChangesAsync(cancel);
    }

    private static string TenantOf(KnownPerson? known) => known?.Home.StoreTenant ?? StoreTenants.Platform;

    private static string StreamOf(KnownPerson? known) => known?.Stream ?? Person.Key(Person.Nobody);
}
