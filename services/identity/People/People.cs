// person_invited, … -> rows people -> GET /api/v1/people; what is personal is sealed in the rows, too, and opened for who may see it
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.People;

/// <param name="Name">Sealed, as <paramref name="Email"/>; null once erased.</param>
public sealed record PersonRow(
    string PersonId, string Role, PersonStage Stage, string? Name, string? Email, bool SecondFactor, DateTimeOffset InvitedAt, DateTimeOffset? InvitedUntil, DateTimeOffset? LastSignInAt, DateTimeOffset? EndedAt);

/// <summary>Somebody who signs in, or did.</summary>
/// <param name="Stage"><c>invited</c>, <c>active</c>, <c>disabled</c> or <c>erased</c>.</param>
/// <param name="Name">Null once erased, as <paramref name="Email"/>.</param>
/// <param name="SecondFactor">Whether signing in takes a code of an authenticator, too.</param>
/// <param name="InvitedUntil">When the link that is out ends; null when there is none.</param>
/// <param name="EndedAt">Since when disabled or erased.</param>
public sealed record ListedPerson(
    string PersonId, string Role, string Stage, string? Name, string? Email, bool SecondFactor, DateTimeOffset InvitedAt, DateTimeOffset? InvitedUntil, DateTimeOffset? LastSignInAt, DateTimeOffset? EndedAt)
{
    public static ListedPerson Of(PersonRow row, PersonKey? key) => new(
        row.PersonId, row.Role, row.Stage.ToString().ToLowerInvariant(), Opened(key, "name", row.Name), Opened(key, "email", row.Email), row.SecondFactor, row.InvitedAt, row.InvitedUntil, row.LastSignInAt, row.EndedAt);

    private static string? Opened(PersonKey? key, string field, string? text)
    {
        try
        {
            return text is null ? null : key?.Open(field, text);
        }
        catch (CryptographicException)
        {
            return null; // the row's key is another one's: nothing to be shown, nothing to be hidden
        }
    }
}

public static class People
{
    // Inline: whether somebody is a tenant's first administrator is decided by it.
    public static readonly View<PersonRow> View = new("people", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is PersonEvent and not (PersonEvent.SignInRefused or PersonEvent.Authorized or PersonEvent.Renewed or PersonEvent.GrantEnded)
        ? [e.StreamKey[Person.Key("").Length..]] : [];

    private static PersonRow? Evolve(PersonRow? row, IEvent e, string key) => e.Data switch
    {
        PersonEvent.Invited invited => new(key, invited.Role, PersonStage.Invited, invited.Name, invited.Email, SecondFactor: false, invited.At, invited.Until, null, null),
        PersonEvent.InvitedAgain again => row! with { InvitedUntil = again.Until },
        PersonEvent.Accepted or PersonEvent.Linked => row! with { Stage = PersonStage.Active, InvitedUntil = null, EndedAt = null },
        PersonEvent.SecondFactorSet => row! with { SecondFactor = true },
        PersonEvent.SecondFactorRemoved => row! with { SecondFactor = false },
        PersonEvent.SignedIn signedIn => row! with { LastSignInAt = signedIn.At },
        PersonEvent.RoleChanged changed => row! with { Role = changed.Role },
        PersonEvent.Disabled disabled => row! with { Stage = PersonStage.Disabled, InvitedUntil = null, EndedAt = disabled.At },
        PersonEvent.Erased erased => row! with { Stage = PersonStage.Erased, Name = null, Email = null, SecondFactor = false, InvitedUntil = null, EndedAt = erased.At },
        _ => row,
    };
}

public static class PeopleRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module, PersonKeys keys) =>
        app.MapGet("/api/v1/people", async (Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession([ManagedPeople.HomeOf(caller).StoreTenant]);
            var rows = await session.QueryAsync<PersonRow>("where key > @after order by key limit @most", new { after = last ?? "", most = most + 1 }, cancel);
            var opened = await keys.OfAsync([.. rows.Select(row => row.PersonId)], cancel);
            return Results.Ok(Page<ListedPerson>.Of([.. rows.Select(row => ListedPerson.Of(row, opened.GetValueOrDefault(row.PersonId)))], most, row => row.PersonId));
        })
        .Requires(Right.ManagePeople).WithName("ListPeople").WithSummary("The people of the caller's own provider, tenant or platform, the disabled and erased ones too").Produces<Page<ListedPerson>>();
}
