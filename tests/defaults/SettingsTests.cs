using Fleet.Testing;

namespace Fleet.Defaults.Tests;

public class SettingsTests
{
    [TestCase("90")]
    [TestCase("-1")]
    [TestCase("for ever")]
    public void Duplicates_are_known_for_longer_than_an_agents_spool_may_send(string days) =>
        Assert.That(() => Build(days), Throws.InvalidOperationException.With.Message.Contains("FLEET_CLAIM_DAYS"));

    [TestCase("91")]
    [TestCase("")]
    public async Task Any_longer_time_will_do(string days)
    {
        await using var app = Build(days);
        Assert.That(app, Is.Not.Null);
    }

    // Nothing is reached before the start.
    private static Microsoft.AspNetCore.Builder.WebApplication Build(string claimDays) => FleetHost.Build(
        [
            "--FLEET_HTTP_URL=http://127.0.0.1:0", "--FLEET_ISSUER=http://127.0.0.1:1", "--FLEET_POSTGRES_LICENSING=Host=localhost;Username=o", "--FLEET_POSTGRES_LICENSING_READER=Host=localhost;Username=r",
            "--FLEET_RABBITMQ_LICENSING=amqp://localhost", $"--FLEET_CLAIM_DAYS={claimDays}",
        ],
        TestClock.Real, Notes.Module());
}
