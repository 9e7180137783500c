using System.Text.RegularExpressions;

namespace Fleet.EventStore;

/// <summary>Names in the database: checked once, so that they can stand in SQL text.</summary>
internal static partial class Names
{
    public static string Checked(string name) =>
        Identifier().IsMatch(name) ? name : throw new ArgumentException($"Not a name for a schema or table: {name}");

    /// <summary>Role names stand in quotes, so that they may hold anything but one.</summary>
    public static string CheckedRole(string role) =>
        role.Contains('"', StringComparison.Ordinal) ? throw new ArgumentException($"Not a name for a role: {role}") : role;

    /// <summary>
    /// A view's checkpoint in <c>mt_event_progression</c>. Marten's names hold a colon, Fleet's never do. A swapped table has another
    /// checkpoint, so that whoever still writes for the old one finds nothing to move.
    /// </summary>
    public static string Checkpoint(IView view, int version, long generation) => view.Lifecycle == ViewLifecycle.Async
        ? $"fleet-view/{view.Name}/{generation}"
        : $"fleet-inline/{view.Name}/{version}";

    public static string Checkpoint(Subscription subscription) => $"fleet-subscription/{subscription.Name}";

    /// <summary>Advisory lock keys share one space per database; 64 bits of FNV-1a over a spelt-out purpose keep them apart.</summary>
    public static long Lock(string schema, string purpose)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in $"fleet/{schema}/{purpose}")
            hash = unchecked((hash ^ c) * 1099511628211UL);
        return unchecked((long)hash);
    }

    public static long AppendLock(string schema) => Lock(schema, "append");

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,47}$")]
    private static partial Regex Identifier();
}
