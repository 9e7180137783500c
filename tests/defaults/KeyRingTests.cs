using System.Globalization;
using System.Security.Cryptography;
using Fleet.Cli.Local;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Defaults.Tests;

/// <summary>One key signs after the other, and whoever verifies knows each before it does.</summary>
public class KeyRingTests
{
    private readonly StoppedClock _clock = new();
    private string _folder = "", _file = "";
    private SigningKey _first = null!;

    [SetUp]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("fleet-keys-").FullName;
        _first = SigningKey.Open(_file = Path.Combine(_folder, "signing-key.pem"));
    }

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_new_key_is_published_before_it_signs_and_the_old_one_as_long_as_its_tokens_live()
    {
        var ring = Open();
        Assert.That(Seen(ring), Is.EqualTo((_first.KeyId, _first.KeyId)));
        var next = _first.Successor(_clock.GetUtcNow() + KeyRing.Ahead);
        Assert.That(Seen(ring), Is.EqualTo((_first.KeyId, _first.KeyId)), "looked at half a minute ago at most");

        foreach (var (after, seen) in new[]
        {
            (TimeSpan.FromSeconds(30), (_first.KeyId, $"{_first.KeyId} {next.KeyId}")),
            (KeyRing.Ahead - TimeSpan.FromSeconds(31), (_first.KeyId, $"{_first.KeyId} {next.KeyId}")),
            (TimeSpan.FromSeconds(1), (next.KeyId, $"{_first.KeyId} {next.KeyId}")),
            (KeyRing.Behind - TimeSpan.FromSeconds(1), (next.KeyId, $"{_first.KeyId} {next.KeyId}")),
            (TimeSpan.FromSeconds(1), (next.KeyId, next.KeyId)),
        })
        {
            _clock.Advance(after);
            Assert.That(Seen(ring), Is.EqualTo(seen));
        }
    }

    [Test]
    public void A_key_that_was_taken_away_is_gone_within_half_a_minute()
    {
        var next = _first.Successor(_clock.GetUtcNow().AddDays(-1));
        var ring = Open();
        Assert.That(Seen(ring), Is.EqualTo((next.KeyId, next.KeyId)));
        File.Delete(next.PrivateFile);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Seen(ring), Is.EqualTo((_first.KeyId, _first.KeyId)));
    }

    [TestCase("signing-key.20261301T090000Z.pem", null)]
    [TestCase("signing-key.soonZ.pem", null)]
    [TestCase("signing-key.20251101T090000Z.pem", "no key")]
    public void What_is_no_key_or_no_moment_is_left_alone(string name, string? text)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder, name), text ?? key.ExportPkcs8PrivateKeyPem());
        Assert.That(Seen(Open()), Is.EqualTo((_first.KeyId, _first.KeyId)));
    }

    [Test]
    public void Another_keys_files_and_public_halves_are_none_of_it()
    {
        SigningKey.Open(Path.Combine(_folder, "grant-key.pem")).Successor(_clock.GetUtcNow());
        File.WriteAllText(Path.Combine(_folder, "signing-key.20251101T090000Z.pub.pem"), _first.PublicPem);
        Assert.That(Seen(Open()), Is.EqualTo((_first.KeyId, _first.KeyId)));
    }

    [Test]
    public void The_command_line_names_a_file_as_it_is_read_here()
    {
        var from = _clock.GetUtcNow().AddMinutes(7);
        var next = _first.Successor(from);
        Assert.That(Path.GetFileName(next.PrivateFile), Is.EqualTo($"signing-key.{from.UtcDateTime.ToString(KeyRing.Moment, CultureInfo.InvariantCulture)}.pem"));
        Assert.That((next.From, _first.From, _first.WithSuccessors().Select(key => key.KeyId)), Is.EqualTo(((DateTimeOffset?)from, (DateTimeOffset?)null, new[] { _first.KeyId, next.KeyId })));
    }

    private KeyRing Open() => KeyRing.Open(new ConfigurationBuilder().AddInMemoryCollection([new("KEY", _file)]).Build(), "KEY", _clock, NullLoggerFactory.Instance);

    // What signs, and what is published.
    private static (string, string) Seen(KeyRing ring) => (ring.Signing.Id, string.Join(' ', ring.Published.Keys.Select(key => key.Kid)));
}
