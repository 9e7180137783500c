using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Agent.Publishing;

/// <summary>Whom the agent believes to be its server: a certificate for the right name that leads to a pinned root, or to the system's roots when none is pinned.</summary>
public sealed class ServerTrust
{
    private readonly X509Certificate2Collection? roots;

    private ServerTrust(X509Certificate2Collection? roots) => this.roots = roots;

    /// <param name="caFile">PEM with one or more roots; null for the system's.</param>
    public static ServerTrust From(string? caFile)
    {
        if (caFile is null) return new(roots: null);
        var pinned = new X509Certificate2Collection();
        pinned.ImportFromPemFile(caFile);
        return new(pinned);
    }

    /// <summary>Why the last certificate was turned down, in words; null when it was believed.</summary>
    public string? LastDoubt { get; private set; }

    public bool Believes(object _, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        LastDoubt = Doubt(certificate, chain, errors);
        return LastDoubt is null;
    }

    private string? Doubt(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return "it showed no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return "its certificate is for another name";
        if (roots is null) return errors == SslPolicyErrors.None ? null : "its certificate leads to no root this system trusts";

        using var pinned = new X509Chain();
        pinned.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        pinned.ChainPolicy.CustomTrustStore.AddRange(roots);
        pinned.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;     // a private authority publishes no list
        foreach (var element in chain?.ChainElements.AsEnumerable() ?? []) pinned.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var server = new X509Certificate2(certificate);
        if (pinned.Build(server)) return null;
        var status = pinned.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "its certificate has expired or is not valid yet" : "its certificate does not lead to the pinned root";
    }
}
