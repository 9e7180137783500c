using System.Security.Cryptography;
using Fleet.Cli.Local;

namespace Fleet.Defaults.Tests;

public class Es256KeyTests
{
    [Test]
    public void Its_id_is_the_one_the_command_line_gives_the_broker()
    {
        var file = Path.GetTempFileName();
        File.Delete(file);
        var written = SigningKey.Open(file);
        Assert.That(Es256Key.Of(File.ReadAllText(file)).Id, Is.EqualTo(written.KeyId));
        File.Delete(file);
    }

    [Test]
    public void A_key_on_another_curve_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.That(() => Es256Key.Of(p384.ExportPkcs8PrivateKeyPem()), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void A_public_key_signs_nothing()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(() => Es256Key.Of(p256.ExportSubjectPublicKeyInfoPem()), Throws.InstanceOf<CryptographicException>());
        Assert.That(Es256Key.Of(p256.ExportPkcs8PrivateKeyPem()).Id, Has.Length.EqualTo(43)); // the twin
    }
}
