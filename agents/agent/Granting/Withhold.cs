using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Keeping;
using Fleet.Printers;

namespace Fleet.Agent.Granting;

// a switch at the site -> withheld.json, transcript -> mask over every grant

/// <summary>A field group that is off at this site.</summary>
/// <param name="Group">Its word; one this version does not know is kept as it is.</param>
public sealed record Withheld(string Group, DateTimeOffset Since);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<Withheld?>))]
internal sealed partial class WithheldJson : JsonSerializerContext;

/// <summary>
/// What the site keeps to itself whatever its grant opens. It can only close: what it gives back is what the signed grant allows. It needs no network, holds over restarts and for every
/// later grant, and ends a visit that may be asking for the group at this moment.
/// </summary>
public sealed class Withhold
{
    /// <summary>Now, and until when visits begun under it may go on.</summary>
    private sealed record Closed(IReadOnlyList<Withheld> List, FieldGroups Groups, CancellationTokenSource Until);

    private readonly Lock one = new();
    private readonly string file;
    private readonly TimeProvider clock;
    private readonly AgentLog log;
    private volatile Closed closed;

    private Withhold(string file, IReadOnlyList<Withheld> list, TimeProvider clock, AgentLog log) =>
        (this.file, this.clock, this.log, closed) = (file, clock, log, Of(list));

    public IReadOnlyList<Withheld> List => closed.List;

    public FieldGroups Groups => closed.Groups;

    /// <summary>Why a switch does not hold over a restart, or why everything is withheld; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>What an earlier run kept. A file that cannot be read withholds everything: what was closed once must not open by itself.</summary>
    public static Withhold Load(string stateDir, TimeProvider clock, AgentLog log)
    {
        var file = Path.Combine(stateDir, "withheld.json");
        try
        {
            var kept = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), WithheldJson.Default.ListWithheld) ?? throw new JsonException("it holds no list") : [];
            return new(file, [.. kept.Select(each => each is { Group: not null } ? each : throw new JsonException("an entry names no group"))], clock, log);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            var trouble = $"{file} cannot be read, so every field group is withheld: {unreadable.Message}";
            log.Error(trouble);
            return new(file, [.. Grant.Groups.Select(group => new Withheld(Grant.WordOf(group), clock.GetUtcNow()))], clock, log) { Trouble = trouble };
        }
    }

    /// <summary>The grant without what is withheld at this moment.</summary>
    public Grant Mask(Grant grant)
    {
        var now = closed;
        return grant with { Allowed = grant.Allowed & ~now.Groups, Narrowed = now.Until.Token };
    }

    /// <summary>Takes a group away at once, or gives back what the grant allows of it.</summary>
    /// <param name="record">Writes it down for the customer: the group, whether it is off, and all that are off now.</param>
    /// <returns>False when it could not be written down: then a group taken away is so until a restart at least, and none is given back.</returns>
    public bool Switch(FieldGroups group, bool off, Action<string, bool, IReadOnlyList<string>> record)
    {
        lock (one)
        {
            var word = Grant.WordOf(group);
            var others = closed.List.Where(each => each.Group != word);
            IReadOnlyList<Withheld> next = off ? [.. others, closed.List.FirstOrDefault(each => each.Group == word) ?? new(word, clock.GetUtcNow())] : [.. others];
            if (next.Count == closed.List.Count && Trouble is null) return true;
            if (off) Take(next);            // before the disk is asked: it may be full
            try
            {
                // Where a crash comes between the two, the group stays closed.
                if (off) Save(next);
                record(word, off, [.. next.Select(each => each.Group)]);
                if (!off) Save(next);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                log.Error(Trouble = off ? $"{word} is off, but that could not be written down whole; it may be on again after a restart: {full.Message}" : $"{word} stays off: {full.Message}");
                return false;
            }
            if (!off) Take(next);
            Trouble = null;
            log.Info($"{word} was switched {(off ? "off" : "on")} at this site; off are now: {(next.Count == 0 ? "none" : string.Join(", ", next.Select(each => each.Group)))}");
            return true;
        }
    }

    private void Take(IReadOnlyList<Withheld> next)
    {
        var before = closed;
        closed = Of(next);
        if ((closed.Groups & ~before.Groups) != FieldGroups.None) before.Until.Cancel();
    }

    private void Save(IReadOnlyList<Withheld> list) => OwnFile.Write(file, JsonSerializer.Serialize([.. list], WithheldJson.Default.ListWithheld));

    private static Closed Of(IReadOnlyList<Withheld> list) => new(list, list.Aggregate(FieldGroups.None, (groups, each) => groups | Grant.GroupOf(each.Group)), new());
}
