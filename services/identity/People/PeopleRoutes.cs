using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.SignIn;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.People;

/// <summary>All that has to do with people signing in, with what it shares: one key, one count of wrong tries.</summary>
public static class PeopleRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var keys = new PersonKeys(module, PeopleKey.Open(module.Settings));
        var passwords = new Passwords(module.Settings);
        var browser = new Browser(module.Settings, keys.People);
        var sessions = new BrowserSessions(module, keys, browser);
        var guesses = new Guesses(module, keys.People, new ClientAddress(module.Settings));
        var record = new SignInRecord(module);
        var issuer = OtherIssuer.Open(module.Settings, module.Clock);
        var own = new OwnPassword(module, passwords, guesses, record);
        var factors = new SecondFactors(module, keys, own, guesses);
        var accept = new AcceptInvitationRoute(module, keys, passwords, signsInElsewhere: issuer is not null);
        var invite = new InvitePersonRoute(module, keys);

        PeopleRoute.Map(app, module, keys);
        invite.Map(app);
        accept.Map(app);
        new PersonRoutes(module, invite).Map(app);
        new MeRoutes(module, new Myself(module, keys), own, factors).Map(app);
        if (issuer is null)
            new SignInPages(module, keys, passwords, browser, sessions, guesses, record).Map(app);
        else
            new CallbackPage(module, keys, issuer, browser, sessions, record).Map(app);
        new AccountPages(module, browser, sessions, accept, own, factors, signsInElsewhere: issuer is not null).Map(app);
        new Authorize(module, sessions, new Codes(module)).Map(app);
        IssueTokenRoute.Map(app, module, keys, SigningKeys.Of(module));
        RevokeToken.Map(app, module, keys);
    }
}
