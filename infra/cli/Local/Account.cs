namespace Fleet.Cli.Local;

/// <summary>
/// As whom a server runs. PostgreSQL refuses root, and neither server needs it, so when we are root they run as their package's own user.
/// A state directory that user cannot reach (below a 0700 directory such as /root or a mktemp -d) is served from a user namespace in which
/// our own id carries the server's name: same file owner, no privilege.
/// </summary>
public sealed record Account(string? Owner, IReadOnlyList<string> Prefix)
{
    /// <summary>The words to put before a command so that it runs as <paramref name="user"/> with <paramref name="directory"/> reachable.</summary>
    public static async Task<Account> ForAsync(string user, string directory)
    {
        if (!Environment.IsPrivilegedProcess)
            return new(null, []);

        var (uid, gid) = (await Shell.OutputAsync("id", "-u", user), await Shell.OutputAsync("id", "-g", user));
        if (uid is null || gid is null)
            throw new FleetException("No such user", user, $"install the package that brings the user '{user}', or do not run as root");

        string[] drop = ["setpriv", "--reuid", user, "--regid", gid, "--init-groups", "--"];
        if (await Shell.OutputAsync([.. drop, "test", "-x", directory]) is not null)
            return new(user, drop);

        string[] space = ["unshare", "--user", $"--map-user={uid}", $"--map-group={gid}", "--"];
        if (await Shell.OutputAsync([.. space, "true"]) is not null)
            return new("root", space);

        throw new FleetException("No rights", directory, $"the user '{user}' cannot reach this directory; choose a --state below a directory it may enter");
    }

    /// <summary>Hands a directory and all in it to the account; also what an earlier start under the other account left.</summary>
    public async Task OwnAsync(string path)
    {
        if (Owner is not null && await Shell.OutputAsync("chown", "-R", $"{Owner}:", path) is null)
            throw new FleetException("No rights", path, $"cannot hand it to the user '{Owner}'");
    }
}
