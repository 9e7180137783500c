using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Page;

namespace Fleet.Agent.Diagnosing;

/// <summary>What a running agent says of itself, as findings: token, grant, broker, devices. Pure.</summary>
internal sealed record ExamineRunning(Vitals Said, AgentConfig Config, DateTimeOffset Now)
{
    private const int Named = 5;

    // It asks for its grant each half minute, and says how it is to the broker every five.
    private static readonly TimeSpan GrantWithin = TimeSpan.FromMinutes(2), ConfirmWithin = TimeSpan.FromMinutes(10);

    public Finding State => new("state", $"agent {Said.AgentId} {Said.Version} runs from {Config.StateDir}, for {SpanWords.Of(Now - Said.Started)}");

    public Finding Token => Said.Token is { } token && Now < token.Until
        ? new("token", $"the running agent got one {Ago(token.At)}, good for {SpanWords.Of(token.Until - Now)} more")
        : Trouble("token", "the running agent has none");

    public Finding Grant => Said.Grant switch
    {
        { AnsweredAt: var at } when at is null || Now - at > GrantWithin => new("grant",
            $"the running agent has had no answer {(at is { } last ? $"since {SpanWords.Of(Now - last)}" : "since it was started")}: {Said.Grant.News ?? "nothing is known of why"}",
            $"let HTTPS to {Config.ApiUrl} through, and see what is said of token and api; until its last grant ends the agent goes by that"),
        { HeldBy: { } other } => GrantFinding.Held(other),
        { Open: { } open } => GrantFinding.Open($"{open} (the running agent asked {Ago(Said.Grant.AnsweredAt!.Value)})"),
        _ => GrantFinding.Nothing
    };

    public Finding Broker => Said.Link switch
    {
        { Trouble: not null } or { IsConnected: false } => Trouble("broker", "the running agent is not connected"),
        { ConfirmedAt: var at } when Said.Tally.Kept > 0 && Now - (at ?? Said.Started) > ConfirmWithin => new("broker",
            string.Create(CultureInfo.InvariantCulture, $"the running agent is connected, and nothing was confirmed for {SpanWords.Of(Now - (at ?? Said.Started))}, with {Said.Tally.Kept} events waiting"),
            "ask the provider whether the broker takes messages; nothing is lost meanwhile"),
        { ConfirmedAt: var at } => new("broker", string.Create(CultureInfo.InvariantCulture, $"the running agent is connected, {(at is { } last ? $"last confirm {Ago(last)}" : "nothing sent yet")}, {Said.Tally.Kept} events wait"))
    };

    public Finding Devices
    {
        get
        {
            var (visited, silent) = Said.Devices;
            var what = string.Create(CultureInfo.InvariantCulture, $"the running agent visits {visited} devices, {silent.Count} of them silent");
            return silent.Count == 0 ? new("snmp", what) : new("snmp", $"{what}: {string.Join(", ", silent.Take(Named))}{(silent.Count > Named ? ", …" : "")}", Fixes.Silent);
        }
    }

    private string Ago(DateTimeOffset at) => $"{SpanWords.Of(Now - at)} ago";

    private Finding Trouble(string check, string what) => Said.Link.Trouble is { } trouble
        ? new(check, $"{what}: {trouble.Line}", Fixes.For(trouble.Kind, Config))
        : new(check, $"{what} yet", "look again in a minute; its log has a line for what is in the way");
}
