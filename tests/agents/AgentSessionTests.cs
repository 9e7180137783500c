using Fleet.Agent.Page;

namespace Fleet.Agents.Tests;

/// <summary>How long who has signed in at the local page stays so.</summary>
public class AgentSessionTests
{
    private static readonly PageKey Key = new(new byte[PageKey.Octets]);

    private readonly SnmpManualClock clock = new();
    private byte next;

    [Test]
    public void A_session_ends_after_an_hour_unused_and_after_twelve_in_any_case()
    {
        var sessions = Sessions();
        var (used, unused) = (SignIn(sessions), SignIn(sessions));
        clock.Advance(TimeSpan.FromMinutes(40));
        Assert.That((sessions.IsOpen(used), sessions.IsOpen("invented"), sessions.IsOpen(null)), Is.EqualTo((true, false, false)));
        clock.Advance(TimeSpan.FromMinutes(40));
        Assert.That((sessions.IsOpen(used), sessions.IsOpen(unused)), Is.EqualTo((true, false)));
        for (var hours = 0; hours < 10; hours++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.That(sessions.IsOpen(used), $"hour {hours}");
        }
        clock.Advance(TimeSpan.FromMinutes(50));
        Assert.That(sessions.IsOpen(used), Is.False);
    }

    [Test]
    public void Of_too_many_the_one_unused_longest_gives_way()
    {
        var sessions = Sessions();
        var first = SignIn(sessions);
        clock.Advance(TimeSpan.FromSeconds(1));
        var second = SignIn(sessions);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(sessions.IsOpen(first));
        for (var n = 0; n < 31; n++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            SignIn(sessions);
        }
        Assert.That((sessions.IsOpen(first), sessions.IsOpen(second)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_used_key_stays_used_for_as_long_as_it_would_be_good()
    {
        var sessions = Sessions();
        var ticket = Ticket();
        Assert.That(sessions.SignIn(ticket), Is.Not.Null);
        for (var minutes = 0; minutes < 12; minutes++)
        {
            Assert.That(sessions.SignIn(ticket), Is.Null, $"minute {minutes}");
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Test]
    public void Each_session_has_a_form_token_of_its_own_and_no_ticket_is_one()
    {
        var sessions = Sessions();
        var (one, other) = (SignIn(sessions), SignIn(sessions));
        Assert.That(sessions.FormToken(one), Is.EqualTo(Key.FormToken(one)).And.Not.EqualTo(sessions.FormToken(other)).And.Not.EqualTo(new PageKey(new byte[] { 1 }).FormToken(one)));
        Assert.That(sessions.SignIn($"9999999999.{one}.{sessions.FormToken($"9999999999.{one}")}"), Is.Null);
    }

    private Sessions Sessions() => new(Key, count => [.. Enumerable.Repeat(++next, count)], clock);

    private string Ticket() => Key.Ticket(clock.GetUtcNow(), [++next]);

    private string SignIn(Sessions sessions) => sessions.SignIn(Ticket())!;
}
