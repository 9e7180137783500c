using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Cli.Local;

/// <summary>A certificate authority of this state directory alone, and the server certificate it issues for loopback. PEM, P-256.</summary>
public sealed record DevCertificates(string CaFile, string CertificateFile, string KeyFile)
{
    /// <summary>Opens what <paramref name="directory"/> holds; makes it when missing or within a month of its end.</summary>
    /// <param name="hosts">Names the server is reached by, besides localhost and 127.0.0.1.</param>
    public static DevCertificates Open(string directory, TimeProvider clock, params string[] hosts)
    {
        var files = new DevCertificates(Path.Combine(directory, "ca.pem"), Path.Combine(directory, "server.pem"), Path.Combine(directory, "server.key"));
        if (!files.Hold(clock.GetUtcNow() + Renew))
            files.Create(clock.GetUtcNow(), hosts);
        return files;
    }

    private static readonly TimeSpan Renew = TimeSpan.FromDays(30), Life = TimeSpan.FromDays(397), Skew = TimeSpan.FromHours(1);

    private bool Hold(DateTimeOffset until)
    {
        if (!File.Exists(CaFile) || !File.Exists(CertificateFile) || !File.Exists(KeyFile))
            return false;
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile);
        return certificate.NotAfter.ToUniversalTime() > until.UtcDateTime;
    }

    private void Create(DateTimeOffset now, string[] hosts)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Fleet development CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        using var ca = caRequest.CreateSelfSigned(now - Skew, now + Life);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        foreach (var host in hosts)
            names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // serverAuth, RFC 5280
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        using var server = request.Create(ca, now - Skew, now + Life - TimeSpan.FromMinutes(1), RandomNumberGenerator.GetBytes(16));

        // The authority's key is not kept: it has signed the one certificate it exists for.
        PrivateFile.Write(CaFile, ca.ExportCertificatePem() + "\n");
        PrivateFile.Write(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFile.Write(CertificateFile, server.ExportCertificatePem() + "\n");
    }
}
