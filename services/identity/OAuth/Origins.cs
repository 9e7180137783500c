using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.OAuth;

/// <summary>The names this service is reached under: as the issuer, and where it differs as people and agents outside see it.</summary>
public sealed record Origins(string Issuer, string Public)
{
    public static Origins Of(IConfiguration settings) => new(settings["FLEET_ISSUER"]!, (settings["FLEET_PUBLIC_URL"] ?? settings["FLEET_ISSUER"]!).TrimEnd('/'));

    /// <summary>All addresses of one path.</summary>
    public IReadOnlyList<string> At(string path) => Issuer == Public ? [Issuer + path] : [Public + path, Issuer + path];
}
