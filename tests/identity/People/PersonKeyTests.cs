using System.Security.Cryptography;
using Fleet.Identity.People;

namespace Fleet.Identity.Tests.People;

/// <summary>What is personal is sealed.</summary>
public class PersonKeyTests
{
    private static readonly PersonKey Anna = new("p-1", [.. Enumerable.Range(0, 32).Select(n => (byte)n)]);

    [Test]
    public void It_opens_for_its_person_and_as_what_it_is()
    {
        var kept = Anna.Seal("email", "anna@example.com");
        Assert.That(Anna.Open("email", kept), Is.EqualTo("anna@example.com"));
        Assert.That(() => Anna.Open("name", kept), Throws.InstanceOf<CryptographicException>(), "another field");
        Assert.That(() => new PersonKey("p-2", [.. Enumerable.Range(0, 32).Select(n => (byte)n)]).Open("email", kept), Throws.InstanceOf<CryptographicException>(), "another person");
        Assert.That(() => new PersonKey("p-1", new byte[32]).Open("email", kept), Throws.InstanceOf<CryptographicException>(), "another key");
    }

    [Test]
    public void A_changed_byte_is_seen()
    {
        var whole = Convert.FromBase64String(Anna.Seal("email", "anna@example.com"));
        for (var at = 0; at < whole.Length; at++)
        {
            whole[at] ^= 1;
            Assert.That(() => Anna.Open("email", Convert.ToBase64String(whole)), Throws.InstanceOf<CryptographicException>(), $"{at}");
            whole[at] ^= 1;
        }
        Assert.That(() => Anna.Open("email", Convert.ToBase64String(whole)), Throws.Nothing, "the twin");
    }

    [Test]
    public void The_same_text_is_sealed_differently_each_time() => Assert.That(Enumerable.Range(0, 10).Select(_ => Anna.Seal("name", "Anna")), Is.Unique);

    [Test]
    public void An_address_is_found_in_any_case_and_by_this_key_only()
    {
        var (one, other) = (new PeopleKey(new byte[32]), new PeopleKey([.. Enumerable.Repeat((byte)1, 32)]));
        Assert.That(one.HashOf(EmailAddress.Read("Anna@Example.com")!), Is.EqualTo(one.HashOf(EmailAddress.Read(" anna@example.COM ")!)));
        Assert.That(one.HashOf(EmailAddress.Read("anna@example.com")!), Is.Not.EqualTo(other.HashOf(EmailAddress.Read("anna@example.com")!)));
        Assert.That(() => other.Unwrap("p-1", one.Wrap("p-1", new byte[32])), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => one.Unwrap("p-2", one.Wrap("p-1", new byte[32])), Throws.InstanceOf<CryptographicException>());
        Assert.That((one.Unseal("code", one.Seal("code", "x")), one.Unseal("setup", one.Seal("code", "x")), one.Unseal("code", "made up")), Is.EqualTo(("x", (string?)null, (string?)null)));
    }

    [TestCase("anna@example.com", true)]
    [TestCase("a@b", true)]
    [TestCase("anna", false)]
    [TestCase("@example.com", false)]
    [TestCase("anna@", false)]
    [TestCase("a@b@c", false)]
    [TestCase("anna muster@example.com", false)]
    [TestCase("Anna <anna@example.com>", false)]
    [TestCase("a@b\n", true, Description = "blanks around it are not meant")]
    [TestCase("a@b\nc", false)]
    [TestCase(null, false)]
    public void An_address_is_one_line_with_one_at(string? text, bool good) => Assert.That(EmailAddress.Read(text) is not null, Is.EqualTo(good));

    [Test]
    public void An_address_does_not_say_itself_in_a_log() => Assert.That($"{EmailAddress.Read("anna@example.com")}", Does.Not.Contain("anna"));
}
