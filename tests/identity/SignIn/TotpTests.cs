using System.Text;
using Fleet.Identity.People;
using Fleet.Identity.SignIn;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>RFC 6238 appendix B (SHA-1), and what makes a code good.</summary>
public class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [TestCase(59, "94287082")]
    [TestCase(1111111109, "07081804")]
    [TestCase(1111111111, "14050471")]
    [TestCase(1234567890, "89005924")]
    [TestCase(2000000000, "69279037")]
    [TestCase(20000000000, "65353130")]
    public void The_codes_are_those_of_the_RFC(long time, string code) => Assert.That(Totp.Code(Secret, time / 30, 8), Is.EqualTo(code));

    [TestCase("JBSWY3DPEHPK3PXP", "48656c6c6f21deadbeef")]
    [TestCase("MZXW6YTBOI", "666f6f626172", Description = "RFC 4648 §10, without padding")]
    [TestCase("MZXW6YQ", "666f6f62")]
    public void Base32_is_that_of_RFC_4648(string text, string bytes) => Assert.That(Totp.Base32(Convert.FromHexString(bytes)), Is.EqualTo(text));

    [TestCase(-1, true)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    [TestCase(-2, false)]
    [TestCase(2, false)]
    public void A_clock_may_differ_by_one_step(int steps, bool good)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);
        Assert.That(Totp.StepOf(Secret, Totp.Code(Secret, (1_234_567_890 / 30) + steps, 6), now, used: 0), good ? Is.EqualTo((1_234_567_890 / 30) + steps) : Is.Null);
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("00592")]
    [TestCase("89005924")]
    public void What_is_no_code_is_none(string? typed) => Assert.That(Totp.StepOf(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(1_234_567_890), 0), Is.Null);

    [Test]
    public void A_code_is_newer_than_the_last_one_or_worth_nothing()
    {
        var (now, step) = (DateTimeOffset.FromUnixTimeSeconds(1_234_567_890), 1_234_567_890L / 30);
        Assert.That(Totp.StepOf(Secret, "005 924", now, used: step - 1), Is.EqualTo(step));
        Assert.That(Totp.StepOf(Secret, "005924", now, used: step), Is.Null);
    }

    [Test]
    public void A_recovery_code_is_known_however_it_is_typed_and_for_its_person_only()
    {
        var key = new PeopleKey(new byte[32]);
        var factor = new SecondFactor("", [RecoveryCodes.HashOf(key, "p-1", "01ABC-DEFGH")], 0);
        Assert.That(RecoveryCodes.Find(key, "p-1", factor, " o1abc defgh"), Is.Not.Null);
        Assert.That(RecoveryCodes.Find(key, "p-2", factor, "01ABC-DEFGH"), Is.Null);
        Assert.That(RecoveryCodes.Find(key, "p-1", factor, "01ABC-DEFGJ"), Is.Null);
    }
}
