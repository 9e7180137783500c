// POST /api/v1/people -> Decide -> stream person/{id} and its key, one transaction -> a link, said once -> AcceptInvitation
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.OAuth;
using Fleet.Identity.Providers;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Fleet.Identity.People;

/// <summary>Somebody to let in.</summary>
/// <param name="Email">What the person will sign in with.</param>
/// <param name="Role">Of a provider's people provider-admin, billing, technician, viewer; of a customer's customer-admin, customer-viewer; of the platform platform-operator.</param>
/// <param name="TenantId">For a customer's first administrator, invited by its provider; else left out.</param>
public sealed record NewPerson(string Name, string Email, string Role, string? TenantId = null);

/// <summary>A link to hand over to the person. It is said this once.</summary>
public sealed record InvitedPerson(string PersonId, string Link, DateTimeOffset Until);

public static class InvitePerson
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The same in the caller's own house and in any other: who else uses Fleet is nobody's business.</summary>
    public static readonly Refusal Taken = Refusal.Conflict("address-taken", "This address cannot be invited: somebody signs in with it. A person has one address for each house it belongs to.");

    public static readonly Refusal NotTheFirst = Refusal.Conflict("customer-has-admin", "The customer has an administrator, or somebody invited to be; all others are invited by the customer.");

    /// <summary>For a stranger's address; null when it may be invited.</summary>
    /// <param name="byProvider">Into a customer's house.</param>
    public static Refusal? Decide(NewPerson wanted, bool byProvider, IReadOnlyCollection<PersonRow> administrators, DateTimeOffset now)
    {
        if (!DisplayName.Holds(wanted.Name))
            return Refusal.Invalid("name", $"A person's name is {DisplayName.Rule}.");
        return byProvider && administrators.Any(one => one is { Stage: PersonStage.Active } || (one.Stage == PersonStage.Invited && now < one.InvitedUntil)) ? NotTheFirst : null;
    }

    /// <summary>For who was invited before: another link in place of the one that got lost.</summary>
    public static Decision<PersonEvent> DecideAgain(Person person, string invitation, string by, DateTimeOffset now) => person.Stage switch
    {
        PersonStage.Unknown or PersonStage.Erased => PersonRoutes.Unknown,
        _ => new PersonEvent.InvitedAgain(invitation, now + Life, by, now),
    };
}

/// <summary>Not by Idempotency-Key: the answer holds a secret, which is kept nowhere. Asking again for the same person gives another link.</summary>
public sealed class InvitePersonRoute(ModuleContext module, PersonKeys keys)
{
    private readonly string _origin = Origins.Of(module.Settings).Public;

    public void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/people", async (NewPerson wanted, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            if (EmailAddress.Read(wanted.Email) is not { } email)
                return Refusal.Invalid("email", $"An address is {EmailAddress.Rule}.").ToResult();
            var (home, no) = ManagedPeople.Decide(wanted.Role, wanted.TenantId, caller, await Customers.VisibleToAsync(module, caller, cancel));
            if (home is null)
                return no!.ToResult();
            var (invited, refusal) = await InviteAsync(wanted, email, home, caller, cancel);
            return refusal?.ToResult() ?? Results.Created("/api/v1/people", invited);
        })
        .Requires(Right.ManagePeople)
        .WithName("InvitePerson").WithSummary("Invites somebody: the answer holds the link to hand over, once")
        .WithDescription("For the same address and role again, while the person has not come yet: another link in place of the one before. An `Idempotency-Key` is not looked at, because the answer is a secret.")
        .Produces<InvitedPerson>(StatusCodes.Status201Created);

    private async Task<(InvitedPerson? Invited, Refusal? Refusal)> InviteAsync(NewPerson wanted, EmailAddress email, Home home, Caller caller, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        // One invitation at a time in a house: so that the first administrator is one.
        await using (var gate = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", session.Connection, session.Transaction) { Parameters = { new() { Value = $"people {home.StoreTenant}" } } })
            await gate.ExecuteNonQueryAsync(cancel);
        var now = module.Clock.GetUtcNow();
        if (await keys.ByEmailAsync(email, cancel) is { } known)
            return await AgainAsync(known, wanted, home, caller, cancel);

        var byProvider = home != ManagedPeople.HomeOf(caller);
        if (InvitePerson.Decide(wanted, byProvider, await AdministratorsAsync(home, cancel), now) is { } refusal)
            return (null, refusal);
        var id = $"p-{Guid.CreateVersion7(now):n}";
        var secret = Fresh(id);
        if (await keys.CreateAsync(session, id, home, email, cancel) is not { } key)
            return (null, InvitePerson.Taken);
        session.Append(home.StoreTenant, Person.Key(id), new PersonEvent.Invited(wanted.Role, key.Seal("name", wanted.Name), key.Seal("email", email.Text), secret.Hash, now + InvitePerson.Life, caller.Id, now));
        await session.SaveChangesAsync(cancel);
        return (Said(secret, now), null);
    }

    private async Task<(InvitedPerson? Invited, Refusal? Refusal)> AgainAsync(KnownPerson known, NewPerson wanted, Home home, Caller caller, CancellationToken cancel)
    {
        if (known.Home != home)
            return (null, InvitePerson.Taken);
        var secret = Fresh(known.Id);
        var now = module.Clock.GetUtcNow();
        var outcome = await module.DecideAsync<Person, PersonEvent>(home.StoreTenant, known.Stream, person => person.Stage == PersonStage.Invited && person.Role == wanted.Role
            ? InvitePerson.DecideAgain(person, secret.Hash, caller.Id, now)
            : InvitePerson.Taken, cancel);
        return outcome.Refusal is { } refusal ? (null, refusal) : (Said(secret, now), null);
    }

    /// <summary>A further link for somebody of the caller's own house: forgot the password, was disabled, or never came.</summary>
    public async Task<(InvitedPerson? Invited, Refusal? Refusal)> AgainAsync(string person, Home home, string by, CancellationToken cancel)
    {
        var secret = Fresh(person);
        var now = module.Clock.GetUtcNow();
        var outcome = await module.DecideAsync<Person, PersonEvent>(home.StoreTenant, Person.Key(person), state => InvitePerson.DecideAgain(state, secret.Hash, by, now), cancel);
        return outcome.Refusal is { } refusal ? (null, refusal) : (Said(secret, now), null);
    }

    private async Task<IReadOnlyList<PersonRow>> AdministratorsAsync(Home home, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([home.StoreTenant]);
        return await query.QueryAsync<PersonRow>("where role = 'customer-admin'", null, cancel);
    }

    private static BearerSecret Fresh(string person) => BearerSecret.Of(person, "invitation", RandomNumberGenerator.GetBytes(32));

    private InvitedPerson Said(BearerSecret secret, DateTimeOffset now) => new(secret.Person, $"{_origin}/account/invitation?token={secret.Text}", now + InvitePerson.Life);
}
