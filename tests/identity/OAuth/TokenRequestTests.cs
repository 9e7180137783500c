using System.Text;
using Fleet.Identity.OAuth;

namespace Fleet.Identity.Tests.OAuth;

public class TokenRequestTests
{
    [Test]
    public void Id_and_secret_come_in_the_header() =>
        Assert.That(Read(Basic("boss:s3cret"), "grant_type=client_credentials").Request, Is.EqualTo(new TokenRequest("boss", "s3cret", null)));

    [Test]
    public void Id_and_secret_come_in_the_body() =>
        Assert.That(Read(null, "grant_type=client_credentials&client_id=boss&client_secret=s3cret").Request, Is.EqualTo(new TokenRequest("boss", "s3cret", null)));

    [Test]
    public void Both_halves_of_the_header_are_form_encoded() =>
        Assert.That(Read(Basic("a%3Ab:s+%C3%A4%3A"), "grant_type=client_credentials").Request, Is.EqualTo(new TokenRequest("a:b", "s ä:", null)));

    [Test]
    public void A_scope_is_a_list_of_words() =>
        Assert.That(Read(Basic("boss:s"), "grant_type=client_credentials&scope=read-fleet+read-alerts").Request?.Scope, Is.EqualTo(new[] { "read-fleet", "read-alerts" }));

    [TestCase("grant_type=client_credentials&client_id=boss")]
    [TestCase("grant_type=client_credentials")]
    public void Without_a_secret_nobody_is_a_client(string form) => Assert.That(Read(null, form).Error?.Error, Is.EqualTo("invalid_client"));

    [TestCase("Basic !!!")]
    [TestCase("Basic")]
    [TestCase("Basic Ym9zcw==")] // "boss", no colon
    [TestCase("Basic OnNlY3JldA==")] // ":secret", no id
    [TestCase("Bearer abc")]
    public void A_malformed_header_is_no_client(string header) =>
        Assert.That(Read(header, "grant_type=client_credentials").Error?.Error, Is.EqualTo("invalid_client"));

    [TestCase("client_id=boss", "invalid_request")]
    [TestCase("grant_type=", "invalid_request")]
    [TestCase("grant_type=password&username=a&password=b", "unsupported_grant_type")]
    [TestCase("grant_type=authorization_code&code=x", "unsupported_grant_type")]
    [TestCase("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [TestCase("grant_type=client_credentials&client_secret=s3cret", "invalid_request")]
    [TestCase("grant_type=client_credentials&client_id=other", "invalid_request")]
    public void What_RFC_6749_forbids_is_refused_in_its_words(string form, string error) =>
        Assert.That(Read(Basic("boss:s3cret"), form).Error?.Error, Is.EqualTo(error));

    [Test] // the twin
    public void The_same_id_in_body_and_header_is_no_contradiction() =>
        Assert.That(Read(Basic("boss:s3cret"), "grant_type=client_credentials&client_id=boss").Error, Is.Null);

    private static string Basic(string text) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    private static (TokenRequest? Request, TokenError? Error) Read(string? header, string form)
    {
        var fields = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(form);
        return TokenRequest.Read(header, fields.ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()]));
    }
}
