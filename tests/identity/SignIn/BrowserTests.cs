using Fleet.Identity.People;
using Fleet.Identity.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>Cookies, as they are set where this service is reached by https.</summary>
public class BrowserTests
{
    [TestCase("https://fleet.example", "__Host-fleet=x; path=/; secure; samesite=lax; httponly")]
    [TestCase("http://127.0.0.1:8080", "fleet=x; path=/; samesite=lax; httponly")]
    public void Over_TLS_a_cookie_goes_nowhere_else(string origin, string expected)
    {
        var http = new DefaultHttpContext();
        new Browser(new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_ISSUER", origin)]).Build(), new PeopleKey(new byte[32])).SetSession(http, "x");
        Assert.That(http.Response.Headers.SetCookie.Single(), Is.EqualTo(expected));
    }
}
