using System.Globalization;
using Fleet.Defaults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Hashes and compares with ASP.NET Core Identity's hasher (PBKDF2, HMAC-SHA-512, salt of 16 bytes; format v3, which names its own iterations). FLEET_PASSWORD_ITERATIONS raises the cost; who signs in with
/// a cheaper hash gets a new one.
/// </summary>
public sealed class Passwords
{
    // OWASP's figure for PBKDF2 with HMAC-SHA-512.
    private const int UsualIterations = 210_000, FewestIterations = 10_000;

    private readonly PasswordHasher<string> _hasher;
    private readonly KnownPasswords _known;
    private readonly string _ofNobody;

    public Passwords(IConfiguration settings)
    {
        var text = settings["FLEET_PASSWORD_ITERATIONS"];
        var iterations = text is not { Length: > 0 } ? UsualIterations
            : int.TryParse(text, CultureInfo.InvariantCulture, out var set) && set >= FewestIterations ? set
            : throw new InvalidOperationException($"FLEET_PASSWORD_ITERATIONS is '{text}'; it must be a number, {FewestIterations} at least");
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _known = KnownPasswords.Open(settings);
        _ofNobody = _hasher.HashPassword("", "nobody's password, of the usual length");
    }

    public string Hash(string password) => _hasher.HashPassword("", PasswordRule.Normal(password));

    /// <summary>Takes as long for nobody's hash (null) as for somebody's.</summary>
    /// <param name="hash">As <see cref="Hash"/> made it.</param>
    public (bool IsRight, bool IsDated) Check(string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword("", hash ?? _ofNobody, PasswordRule.Normal(password));
        return (hash is not null && result != PasswordVerificationResult.Failed, result == PasswordVerificationResult.SuccessRehashNeeded);
    }

    /// <summary>Why it cannot be a password here; null when it can.</summary>
    public async Task<string?> FaultAsync(string? password, CancellationToken cancel) =>
        PasswordRule.Fault(password) ?? (await _known.ContainsAsync(PasswordRule.Normal(password!), cancel) ? "This password is on the lists that are tried first. Choose another one." : null);
}
