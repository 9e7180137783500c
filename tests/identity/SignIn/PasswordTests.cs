using System.Security.Cryptography;
using System.Text;
using Fleet.Identity.SignIn;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>What can be a password.</summary>
public class PasswordTests
{
    [TestCase("elevenchars", false)]
    [TestCase("twelve chars", true)]
    [TestCase("    spaces count    ", true)]
    [TestCase("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", false, Description = "eleven, though twenty-two UTF-16 units")]
    [TestCase("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", true)]
    [TestCase("twelve\ud83echars", false, Description = "half a character")]
    public void Characters_are_counted_as_people_count_them(string password, bool good) => Assert.That(PasswordRule.Fault(password), good ? Is.Null : Is.Not.Null);

    [Test]
    public void Any_128_characters_will_do_and_129_will_not() =>
        Assert.That((PasswordRule.Fault(new string('é', 128)), PasswordRule.Fault(new string('é', 129))), Is.EqualTo(((string?)null, "A password has 12 to 128 characters.")));

    [Test]
    public void It_is_the_same_password_on_every_keyboard()
    {
        var passwords = new Passwords(Settings());
        Assert.That(passwords.Check(passwords.Hash("Caf\u00e9 Stra\u00dfe \u1e69 im Hof"), "Cafe\u0301 Stra\u00dfe s\u0307\u0323 im Hof").IsRight, Is.True);
        Assert.That(passwords.Check(passwords.Hash("Café Straße im Hof"), "Cafe Strasse im Hof").IsRight, Is.False);
    }

    [Test]
    public void Normal_form_C_is_that_of_Unicode()
    {
        Assert.That(Samples.Where(sample => Nfc.Of(sample.Text) != sample.Normal).Select(sample => $"{Hex(sample.Text)} is {Hex(sample.Normal)}, not {Hex(Nfc.Of(sample.Text))}"), Is.Empty);
        Assert.That(Samples.Count(sample => sample.Text != sample.Normal), Is.GreaterThan(200), "the twin: doing nothing would be seen");
    }

    [Test]
    public void A_cheaper_hash_is_known_and_seen_to_be_dated()
    {
        var (cheap, dear) = (new Passwords(Settings(("FLEET_PASSWORD_ITERATIONS", "10000"))), new Passwords(Settings(("FLEET_PASSWORD_ITERATIONS", "20000"))));
        var hash = cheap.Hash("four words nobody else has");
        Assert.That((cheap.Check(hash, "four words nobody else has"), dear.Check(hash, "four words nobody else has"), dear.Check(hash, "other")), Is.EqualTo(((true, false), (true, true), (false, false))));
        Assert.That(() => new Passwords(Settings(("FLEET_PASSWORD_ITERATIONS", "9999"))), Throws.InvalidOperationException);
    }

    [TestCase("passwordpassword", true)]
    [TestCase("PasswordPassword", true)]
    [TestCase("correct horse battery staple", true)]
    [TestCase("four words nobody else has", false)]
    public async Task The_commonest_are_refused_without_any_list(string password, bool refused) =>
        Assert.That(await new Passwords(Settings()).FaultAsync(password, default), refused ? Does.Contain("tried first") : Is.Null);

    [Test]
    public async Task A_directory_of_ranges_or_a_sorted_file_of_hashes_adds_to_them([Values("range", "range.txt", "file")] string kind)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-breached-");
        try
        {
            var hashes = Enumerable.Range(0, 300).Select(n => Sha1($"breached password {n}")).Order(StringComparer.Ordinal).ToList();
            var path = Path.Combine(folder.FullName, "hashes.txt");
            if (kind == "file")
                await File.WriteAllLinesAsync(path, hashes.Select(hash => $"{hash}:{hash.Length}"));
            else
                foreach (var range in hashes.GroupBy(hash => hash[..5]))
                    await File.WriteAllTextAsync(Path.Combine(folder.FullName, range.Key + (kind == "range" ? "" : ".txt")), string.Join("\r\n", range.Select(hash => $"{hash[5..]}:3")));
            var passwords = new Passwords(Settings(("FLEET_BREACHED_PASSWORDS", kind == "file" ? path : folder.FullName)));
            for (var n = 0; n < 300; n++)
                Assert.That(await passwords.FaultAsync($"breached password {n}", default), Is.Not.Null, $"{n}");
            for (var n = 300; n < 400; n++)
                Assert.That(await passwords.FaultAsync($"breached password {n}", default), Is.Null, $"{n}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void A_list_that_is_not_there_stops_the_start() => Assert.That(() => new Passwords(Settings(("FLEET_BREACHED_PASSWORDS", "/nowhere"))), Throws.InvalidOperationException.With.Message.Contains("/nowhere"));

    private static IReadOnlyList<(string Text, string Normal)> Samples { get; } =
    [
        .. from line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "SignIn", "nfc-samples.txt"))
           where !line.StartsWith('#')
           let pair = line.Split(';')
           select (Text(pair[0]), Text(pair[1])),
    ];

    private static string Text(string hex) => string.Concat(hex.Split(' ').Select(one => char.ConvertFromUtf32(Convert.ToInt32(one, 16))));

    private static string Hex(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X", System.Globalization.CultureInfo.InvariantCulture)));

#pragma warning disable CA5350 // the lists are made of it
    private static string Sha1(string text) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_PASSWORD_ITERATIONS", "10000")]).AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build();
}
