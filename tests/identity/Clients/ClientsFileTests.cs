using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Clients;

public class ClientsFileTests
{
    [Test]
    public void A_file_that_cannot_be_meant_stops_the_start_and_says_where()
    {
        var stopped = Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(Client("boss", "emperor", provider: "demo-dealer")));
        Assert.That(stopped!.Message, Does.Contain("clients.json").And.Contain("'emperor'"));
    }

    [Test]
    public void A_member_nobody_knows_stops_the_start() =>
        Assert.That(
            Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new { clientId = "boss", secretHash = HashOf(Secret), role = "billing", provider = "demo-dealer", admin = true }))!.Message,
            Does.Contain("admin"));
}
