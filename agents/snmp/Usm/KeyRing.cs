namespace Fleet.Snmp.Usm;

/// <summary>
/// Makes keys and keeps them: hashing a mebibyte for each message would take longer than the message. Bounded, as devices may name any engine.
/// </summary>
internal sealed class KeyRing
{
    private const int Users = 128, Engines = 4096;

    private readonly RecentlyUsed<(UsmAuthProtocol, Passphrase), Lazy<byte[]>> ofUsers = new(Users);
    private readonly RecentlyUsed<(UsmAuthentication, UsmPrivacy?, SnmpEngineId), Lazy<UsmKeys>> atEngines = new(Engines);

    /// <summary>The user's keys at an engine; null for a user without authentication. The first time may take milliseconds.</summary>
    public UsmKeys? For(SnmpCredential.User user, SnmpEngineId engine) => user.Authentication is not { } authentication
        ? null
        : atEngines.GetOrAdd((authentication, user.Privacy, engine), key => new(() => Make(key.Item1, key.Item2, key.Item3))).Value;

    private UsmKeys Make(UsmAuthentication authentication, UsmPrivacy? privacy, SnmpEngineId engine)
    {
        var hash = authentication.Protocol;
        var authKey = PasswordToKey.Localize(hash, Ku(hash, authentication.Passphrase), engine);
        return new(hash, authKey, privacy is null ? null : new(() =>
        {
            var privKey = PasswordToKey.Localize(hash, Ku(hash, privacy.Passphrase), engine);
            return new(privacy.Protocol, PasswordToKey.Extend(hash, privKey, privacy.Protocol, engine));
        }));
    }

    private byte[] Ku(UsmAuthProtocol hash, Passphrase passphrase) =>
        ofUsers.GetOrAdd((hash, passphrase), static key => new(() => PasswordToKey.Ku(key.Item1, key.Item2.Octets))).Value;
}
