// POST /api/v1/invitations/accept, or the page /account/invitation -> Decide -> stream person/{id}: the person may sign in
using Fleet.Defaults;
using Fleet.Identity.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.People;

/// <summary>What an invited person answers.</summary>
/// <param name="Invitation">What the link holds as <c>token</c>.</param>
/// <param name="Password">12 to 128 characters, none of those that are tried first.</param>
public sealed record InvitationAnswer(string Invitation, string Password);

public static class AcceptInvitation
{
    /// <summary>The same for a link that is made up, replaced, used or too old.</summary>
    public static readonly Refusal Unknown = Refusal.Unknown("unknown-invitation", "The invitation is unknown, was used or replaced, or is older than a week; ask for another one.");

    /// <param name="shown">Hash of what the link holds.</param>
    /// <param name="password">Sealed hash.</param>
    public static Decision<PersonEvent> Decide(Person person, string shown, string password, DateTimeOffset now) =>
        Stands(person, shown, now) ? new PersonEvent.Accepted(password, now) : Unknown;

    public static bool Stands(Person person, string shown, DateTimeOffset now) => person.Invitation is { } invitation && invitation.Hash == shown && now < invitation.Until;
}

public sealed class AcceptInvitationRoute(ModuleContext module, PersonKeys keys, Passwords passwords, bool signsInElsewhere)
{
    public void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/invitations/accept", async (InvitationAnswer answer, CancellationToken cancel) =>
            (await AcceptAsync(answer, cancel))?.ToResult() ?? Results.NoContent())
        .AllowAnonymous()
        .WithName("AcceptInvitation").WithSummary("An invited person chooses a password, and may sign in from then on").WithDescription("No token is needed: the invitation is the proof.")
        .Produces(StatusCodes.Status204NoContent);

    /// <summary>Who was invited under a link that stands; null otherwise.</summary>
    public async Task<KnownPerson?> FindAsync(string? invitation, CancellationToken cancel)
    {
        if (BearerSecret.Read(invitation) is not { } shown || await keys.ByIdAsync(shown.Person, cancel) is not { } known)
            return null;
        await using var session = module.Store.LightweightSession(known.Home.StoreTenant);
        var person = (await session.Events.FetchForWriting<Person>(known.Stream, cancel)).Aggregate;
        return AcceptInvitation.Stands(person, shown.Hash, module.Clock.GetUtcNow()) ? known : null;
    }

    public async Task<Refusal?> AcceptAsync(InvitationAnswer answer, CancellationToken cancel)
    {
        if (signsInElsewhere)
            return OwnPassword.Elsewhere;
        // Before anything costs much: hashing is for who has a link.
        if (await FindAsync(answer.Invitation, cancel) is not { } known)
            return AcceptInvitation.Unknown;
        if (await passwords.FaultAsync(answer.Password, cancel) is { } fault)
            return Refusal.Invalid("password", fault);
        var hash = known.Key.Seal("password", passwords.Hash(answer.Password));
        var shown = BearerSecret.HashOf(answer.Invitation);
        return (await module.DecideAsync<Person, PersonEvent>(
            known.Home.StoreTenant, known.Stream, person => AcceptInvitation.Decide(person, shown, hash, module.Clock.GetUtcNow()), cancel)).Refusal;
    }
}
