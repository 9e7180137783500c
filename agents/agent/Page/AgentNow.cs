using Fleet.Agent.Configuration;
using Fleet.Agent.Granting;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Page;

// the agent's parts -> AgentNow -> a page -> AgentOrders -> the agent's parts

/// <summary>The agent at one moment, as far as its page shows it.</summary>
/// <param name="Signed">The customer's grant as signed; null when there is none that holds.</param>
/// <param name="GrantNews">The last that was to be said of it.</param>
/// <param name="Devices">Visited at the moment.</param>
/// <param name="HeldBy">The agent that reports from the site instead of this one, which waits; null when this one does.</param>
/// <param name="Transcribed">Number of the transcript's last line.</param>
/// <param name="NotWritten">Why the transcript cannot be written, so that nothing is asked.</param>
internal sealed record AgentNow(DateTimeOffset At, TimeSpan Up, string? HeldBy, Grant? Signed, string? GrantNews, WithheldNow Withheld, LinkNow Link, Tally Tally, Chain Chain, int Devices, SweepNow Sweep, RangesNow Ranges, long Transcribed, string? NotWritten);

/// <param name="Trouble">Why a switch does not hold over a restart, or why all is withheld.</param>
internal sealed record WithheldNow(IReadOnlyList<Withheld> List, FieldGroups Groups, string? Trouble);

/// <param name="Broker">Host and port.</param>
/// <param name="Trouble">What stands in the way at this moment.</param>
/// <param name="Last">The last thing that did.</param>
internal sealed record LinkNow(string Broker, bool IsConnected, string? Trouble, (DateTimeOffset At, string Line)? Last);

internal sealed record SweepNow(DiscoveryHealth? Last, DateTimeOffset? At, bool IsRunning);

/// <param name="AreOwn">They were written at the site, over those of the configuration file.</param>
/// <param name="Credentials">Names of what opens devices; never more than the names.</param>
/// <param name="Targets">Devices the configuration names one by one.</param>
internal sealed record RangesNow(IReadOnlyList<RangeConfig> Counting, bool AreOwn, IReadOnlyList<RangeConfig> Configured, IReadOnlyList<string> Credentials, IReadOnlyList<TargetConfig> Targets, string? Trouble);

/// <summary>A device that is visited.</summary>
/// <param name="Target">What the state directory knows it by.</param>
/// <param name="Label">As its last sweep named it; null for one the configuration names.</param>
/// <param name="MissingSince">The first sweep that did not find it.</param>
/// <param name="Answered">Null when not since the agent's start.</param>
internal sealed record DeviceNow(string Target, string Address, string? Label, DateTimeOffset? MissingSince, DateTimeOffset? Answered, bool IsSilent);

/// <summary>What a page may have done.</summary>
/// <param name="Switch">A field group off (true) or on at this site.</param>
/// <param name="Consents">The way to what the customer allows for all its sites.</param>
/// <param name="SetRanges">Throws <see cref="ConfigException"/> for wrong ones.</param>
internal sealed record AgentOrders(Action<FieldGroups, bool> Switch, Action<IReadOnlyList<RangeConfig>> SetRanges, Action ForgetRanges, Action SweepNow, AskConsents Consents);

/// <summary>All a page knows of the agent.</summary>
/// <param name="Key">Thumbprint of the key its batches are signed with.</param>
/// <param name="IsSigned">Whether this agent's key signed a statement.</param>
internal sealed record AgentView(
    AgentConfig Config, string Key, Func<BatchStatement, string, bool> IsSigned, Func<AgentNow> Now, Func<IReadOnlyList<DeviceNow>> Devices, AgentOrders Orders)
{
    public string StateDir => Config.StateDir;

    public string Transcript => Path.Combine(Config.StateDir, Transcribing.Transcript.FolderName);
}
