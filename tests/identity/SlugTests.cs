namespace Fleet.Identity.Tests;

public class SlugTests
{
    [TestCase("acme")]
    [TestCase("a1")]
    [TestCase("north-2-hq")]
    [TestCase("abcdefghijklmnopqrstuvwxyzabcdefghijklmn")]
    public void A_slug(string text) => Assert.That(Slug.Holds(text), Is.True);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("a")]
    [TestCase("1acme")]
    [TestCase("Acme")]
    [TestCase("ac me")]
    [TestCase("acme-")]
    [TestCase("ac--me")]
    [TestCase("acme.hq")]
    [TestCase("acme*")]
    [TestCase("acme/hq")]
    [TestCase("acme,globex")]
    [TestCase("acme\n")]
    [TestCase("äcme")]
    [TestCase("abcdefghijklmnopqrstuvwxyzabcdefghijklmno")]
    public void No_slug(string? text) => Assert.That(Slug.Holds(text), Is.False);

    [Test]
    public void What_the_store_keeps_for_the_platform_is_no_slug() =>
        Assert.That(new[] { StoreTenants.Platform, StoreTenants.Of("acme") }.Where(Slug.Holds), Is.Empty);
}
