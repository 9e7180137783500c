using Fleet.Defaults;
using Fleet.Identity.People;
using Fleet.Identity.SignIn;
using Fleet.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>Who guesses waits.</summary>
public class LockedOutTests : PeopleFixture
{
    [TestCase("guessed@dealer.example", Description = "somebody")]
    [TestCase("never-there@dealer.example", Description = "nobody: the same")]
    public async Task After_five_wrong_passwords_each_try_waits_longer(string email)
    {
        if (email.StartsWith("guessed", StringComparison.Ordinal))
            await PersonAsync(email);
        using var browser = Browser();
        for (var i = 0; i < 5; i++)
            Assert.That((int)(await SignInAsync(browser, email, "wrong wrong wrong")).Status, Is.EqualTo(401), $"{i}");
        await SignInAsync(browser, email);
        Assert.That(((int)browser.Status, browser.Answer!.Headers.RetryAfter?.ToString()), Is.EqualTo((429, "1")), "also with the right one");
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((int)(await SignInAsync(browser, email, "wrong wrong wrong")).Status, Is.EqualTo(401));
        await SignInAsync(browser, email);
        Assert.That(((int)browser.Status, browser.Answer!.Headers.RetryAfter?.ToString()), Is.EqualTo((429, "2")));
    }

    [Test]
    public async Task One_address_that_tries_many_persons_waits_too_and_others_do_not()
    {
        var module = new ModuleContext(Identity.Module, Running.Service.Store(Identity.Module), new StoppedClock(), new ConfigurationBuilder().Build(), NullLoggerFactory.Instance);
        var guesses = new Guesses(module, new PeopleKey(new byte[32]), new(module.Settings));
        var (bad, good) = (From("203.0.113.7"), From("203.0.113.8"));
        for (var i = 0; i < 30; i++)
            Assert.That(await guesses.TryAsync(bad, $"person {i}", default), Is.Null);
        Assert.That((await guesses.TryAsync(bad, "another", default), await guesses.TryAsync(good, "another", default)), Is.EqualTo(((int?)1, (int?)null)));
        await guesses.RightAsync(good, "another", default);
        Assert.That(await guesses.TryAsync(bad, "another", default), Is.EqualTo(1), "a good password of one's own makes up for nothing");
    }

    [TestCase("", "203.0.113.9, 198.51.100.1", "10.0.0.1", Description = "nobody's header is believed")]
    [TestCase("10.0.0.0/8", "203.0.113.9, 198.51.100.1", "198.51.100.1", Description = "the last before our proxy")]
    [TestCase("10.0.0.1 198.51.100.0/24", "6.6.6.6, 203.0.113.9, 198.51.100.1", "203.0.113.9", Description = "and not what it claims to have come from")]
    [TestCase("10.0.0.1", "not an address", "10.0.0.1")]
    public void An_address_is_believed_from_our_own_proxies_only(string proxies, string forwarded, string expected)
    {
        var http = From("10.0.0.1");
        http.Request.Headers["X-Forwarded-For"] = forwarded;
        Assert.That(new ClientAddress(new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_TRUSTED_PROXIES", proxies)]).Build()).Of(http), Is.EqualTo(expected));
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = System.Net.IPAddress.Parse(address) } };
}
