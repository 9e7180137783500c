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
        var guesses = new Guesses(module.Clock, new ClientAddress(module.Settings));
        var accept = new AcceptInvitationRoute(module, keys, passwords);

        PeopleRoute.Map(app, module, keys);
        new InvitePersonRoute(module, keys).Map(app);
        accept.Map(app);
        new SignInPages(module, keys, passwords, browser, sessions, guesses).Map(app);
        new Authorize(module, sessions, new Codes(module)).Map(app);
        IssueTokenRoute.Map(app, module, keys);
        RevokeToken.Map(app, module, keys);
    }
}
