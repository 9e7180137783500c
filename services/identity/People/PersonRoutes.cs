// POST /api/v1/people/{personId}/… -> Decide -> stream person/{id} -> People
using System.ComponentModel;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.People;

/// <summary>What a person shall be.</summary>
/// <param name="Role">One of the person's own house.</param>
public sealed record NewRole(string Role);

/// <summary>What is done to people of the caller's own house. Nobody does it to himself: so there is always somebody left who can.</summary>
public sealed class PersonRoutes(ModuleContext module, InvitePersonRoute invite)
{
    private const string Id = "The person's id.";

    /// <summary>The same for nobody and for another house's people.</summary>
    public static readonly Refusal Unknown = Refusal.Unknown("unknown-person", "There is no such person in your provider, tenant or platform.");

    public static readonly Refusal Yourself = Refusal.Conflict("yourself", "Nobody does this to himself; another administrator can.");

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/people/{personId}/role", ([Description(Id)] string personId, NewRole wanted, Caller caller, CancellationToken cancel) =>
            DoAsync(personId, caller, (person, home) => ChangeRole.Decide(wanted.Role, home, caller.Id, person, Now), cancel))
            .Requires(Right.ManagePeople).Idempotent(module)
            .WithName("ChangeRole").WithSummary("Gives a person another role; its sessions and refresh tokens end at once").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

        app.MapPost("/api/v1/people/{personId}/disable", ([Description(Id)] string personId, Caller caller, CancellationToken cancel) =>
            DoAsync(personId, caller, (person, _) => DisablePerson.Decide(caller.Id, person, Now), cancel))
            .Requires(Right.ManagePeople).Idempotent(module)
            .WithName("DisablePerson").WithSummary("Lets a person in no more, until invited again; its sessions and refresh tokens end at once").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

        app.MapPost("/api/v1/people/{personId}/second-factor/remove", ([Description(Id)] string personId, Caller caller, CancellationToken cancel) =>
            DoAsync(personId, caller, (person, _) => RemoveSecondFactor.Decide(caller.Id, person, Now), cancel))
            .Requires(Right.ManagePeople).Idempotent(module)
            .WithName("RemoveSecondFactor").WithSummary("For who has lost authenticator and recovery codes: the password alone signs in again").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

        app.MapPost("/api/v1/people/{personId}/erase", async ([Description(Id)] string personId, Caller caller, CancellationToken cancel) =>
            personId == caller.Id ? Yourself.ToResult() : (await Erasing.EraseAsync(module, ManagedPeople.HomeOf(caller), personId, caller.Id, cancel))?.ToResult() ?? Results.NoContent())
            .Requires(Right.ManagePeople).Idempotent(module)
            .WithName("ErasePerson").WithSummary("Destroys the key to everything personal of somebody, for good")
            .WithDescription("Events, ids and proofs stay as they are; name and address can be read by nobody any more.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);

        app.MapPost("/api/v1/people/{personId}/invitation", async ([Description(Id)] string personId, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            if (personId == caller.Id)
                return Yourself.ToResult();
            var (invited, refusal) = await invite.AgainAsync(personId, ManagedPeople.HomeOf(caller), caller.Id, cancel);
            return refusal?.ToResult() ?? Results.Created("/api/v1/people", invited);
        })
        .Requires(Right.ManagePeople)
        .WithName("InviteAgain").WithSummary("Another link: for a forgotten password, a lost invitation, or who was disabled")
        .WithDescription("The link before it is void; the password holds until the link is used. An `Idempotency-Key` is not looked at, because the answer is a secret.")
        .Produces<InvitedPerson>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private DateTimeOffset Now => module.Clock.GetUtcNow();

    private async Task<IResult> DoAsync(string personId, Caller caller, Func<Person, Home, Decision<PersonEvent>> decide, CancellationToken cancel)
    {
        if (personId == caller.Id)
            return Yourself.ToResult();
        var home = ManagedPeople.HomeOf(caller);
        var outcome = await module.DecideAsync<Person, PersonEvent>(home.StoreTenant, Person.Key(personId), person => decide(person, home), cancel);
        return outcome.Refusal?.ToResult() ?? Results.NoContent();
    }
}
