namespace Fleet.Identity.Tests.SignIn;

/// <summary>Authorization code with PKCE, from the invitation to the API.</summary>
public class CodeFlowTests : PeopleFixture
{
    [Test]
    public async Task An_invited_person_chooses_a_password_signs_in_and_uses_the_API()
    {
        var id = await PersonAsync("anna@dealer.example");
        var tokens = await TokensAsync("Anna@Dealer.example"); // addresses are the same in any case
        using var anna = With(tokens);
        Assert.That(await anna.GetStringAsync("/api/v1/tenants"), Does.Contain("acme"));
        Assert.That(await EventsAsync(id), Is.EqualTo(new[] { "Invited", "Accepted", "SignedIn", "Authorized" }));
        Assert.That(Text(tokens, "id_token"), Is.Null, "nobody asked for one");
    }

    [Test]
    public async Task A_refresh_token_is_good_once_and_a_second_time_ends_the_line()
    {
        var id = await PersonAsync("anna@dealer.example");
        var first = Text(await TokensAsync("anna@dealer.example"), "refresh_token");
        var (status, second) = await RenewAsync(first);
        Assert.That(status, Is.EqualTo(200), second.ToString());
        Assert.That((await RenewAsync(first)).Status, Is.EqualTo(400), "the old one");
        Assert.That((await RenewAsync(Text(second, "refresh_token"))).Status, Is.EqualTo(400), "and with it the new one");
        Assert.That(await EventsAsync(id), Does.Contain("GrantEnded"));
    }
}
