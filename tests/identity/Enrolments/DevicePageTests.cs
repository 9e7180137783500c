using System.Security.Cryptography;
using System.Text;
using Fleet.Identity.Enrolments;
using Fleet.Identity.Pages;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>The page a QR code leads to.</summary>
public class DevicePageTests
{
    [Test]
    public void It_repeats_the_code_as_it_is_read_and_how_to_approve_it() =>
        Assert.That(Of("bcdfghjk"), Does.Contain("<strong>BCDF-GHJK</strong>").And.Contain("./fleet enrol BCDF-GHJK").And.Contain("POST https://fleet.example/api/v1/tenants").And.Contain("fingerprint").And.Contain("/account/signin?return=%2Fdevice%3Fuser_code%3DBCDF-GHJK"));

    [TestCase("<script>alert(1)</script>")]
    [TestCase("\"><img src=x>")]
    [TestCase("You have won")]
    public void It_repeats_nothing_that_is_no_code(string typed) => Assert.That(Of(typed), Does.Not.Contain(typed).And.Contain("That is no code").And.Contain("enrol CODE"));

    [Test]
    public void Without_a_code_it_says_where_to_find_it() => Assert.That(Of(null), Does.Contain("stands on the screen").And.Not.Contain("{{"));

    private static string Of(string? typed) => Page.Whole("", DeviceWords.Of(typed, DeviceWords.Elsewhere("https://fleet.example", typed)));

    [Test]
    public async Task A_browser_may_run_and_load_nothing_from_it()
    {
        await using var identity = await StartAsync();
        using var http = identity.Http;
        using var answer = await http.GetAsync("/device?user_code=BCDF-GHJK");
        var (page, policy) = (await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.That(policy, Does.StartWith("default-src 'none'; style-src 'sha256-").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        Assert.That(policy, Does.Contain(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))), "its own style is the one allowed");
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("<form").And.Not.Contain("src="));
        Assert.That((answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore), Is.EqualTo(("text/html", true)));
    }
}
