using Fleet.Identity.Clients;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>Where people are sent back to, and nowhere else.</summary>
public class RedirectUriTests
{
    [TestCase("https://portal.example/back", "https://portal.example/back", true)]
    [TestCase("https://portal.example/back", "https://portal.example/back/", false)]
    [TestCase("https://portal.example/back", "https://portal.example/Back", false)]
    [TestCase("https://portal.example/back", "https://portal.example:443/back", false)]
    [TestCase("https://portal.example/back", "https://portal.example/back?x", false)]
    [TestCase("https://portal.example/back", "https://portal.example.evil.example/back", false)]
    [TestCase("https://portal.example/back", "https://portal.example@evil.example/back", false)]
    [TestCase("https://portal.example/back", "http://portal.example/back", false)]
    [TestCase("https://portal.example/back", "https://portal.example/x/../back", false)]
    [TestCase("http://127.0.0.1/back", "http://127.0.0.1:51234/back", true)]
    [TestCase("http://127.0.0.1:80/back", "http://127.0.0.1:51234/back", true)]
    [TestCase("http://[::1]/back", "http://[::1]:51234/back", true)]
    [TestCase("http://127.0.0.1/back", "http://[::1]:51234/back", false)]
    [TestCase("http://127.0.0.1/back", "http://localhost:51234/back", false)]
    [TestCase("http://127.0.0.1/back", "http://127.0.0.1:51234/other", false)]
    [TestCase("http://127.0.0.1/back", "http://user@127.0.0.1:51234/back", false)]
    [TestCase("http://127.0.0.1/back", "http://127.0.0.1:51234@evil.example/back", false)]
    [TestCase("http://127.0.0.1/back", "http://127.0.0.1:51234/x/../back", false)]
    [TestCase("http://127.0.0.1/back", "https://127.0.0.1:51234/back", false)]
    [TestCase("com.example.app:/back", "com.example.app:/back", true)]
    [TestCase("com.example.app:/back", "com.example.app:/other", false)]
    public void It_is_the_registered_one_character_by_character_but_for_a_loopback_port(string registered, string shown, bool same) =>
        Assert.That(RedirectUri.Matches([registered], shown), Is.EqualTo(same));

    [TestCase("https://portal.example/back", true)]
    [TestCase("http://127.0.0.1/back", true)]
    [TestCase("com.example.app:/back", true)]
    [TestCase("http://portal.example/back", false)]
    [TestCase("http://localhost/back", false)]
    [TestCase("https://portal.example/#x", false)]
    [TestCase("https://*.portal.example/back", false)]
    [TestCase("https://user@portal.example/back", false)]
    [TestCase("javascript:alert(1)", false)]
    [TestCase("myapp:/back", false)]
    [TestCase("/back", false)]
    [TestCase("", false)]
    public void Some_cannot_even_be_registered(string uri, bool good) => Assert.That(RedirectUri.Fault(uri), good ? Is.Null : Is.Not.Null);
}
