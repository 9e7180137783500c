using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Diagnosing;

/// <summary>
/// Whether this agent was let in, as far as its state directory tells. Its tokens are asked for only while no agent runs: two that renew one enrolment would be taken for a thief and his victim. A running one is asked how it is instead.
/// </summary>
/// <param name="Directory">Held, with the key to ask for tokens; null when the agent logs in with a secret, is not enrolled, or runs.</param>
/// <param name="Finding">Null when the agent logs in with a secret.</param>
internal sealed record ExamineEnrolment(StateDirectory? Directory, Finding? Finding) : IDisposable
{
    private const string Enrol = "run fleet-agent enrol --config FILE and have the code approved";

    /// <summary>Whether a token can be asked for.</summary>
    public bool MayAsk => Finding is null || Directory is not null;

    public static ExamineEnrolment Of(AgentConfig config)
    {
        if (config.ClientId is not null) return new(null, null);
        StateDirectory? held = null;
        try
        {
            var enrolment = Enrolment.Of(config);
            held = StateDirectory.Open(config.StateDir);
            if (held.Key.Id == enrolment.KeyId)
                return new(held, new("enrol", string.Create(CultureInfo.InvariantCulture, $"agent {enrolment.AgentId} of {enrolment.Tenant}/{enrolment.Site} since {enrolment.At.UtcDateTime:yyyy-MM-dd}, key {enrolment.KeyId}")));
            held.Dispose();
            return new(null, new("enrol", $"enrolled with key {enrolment.KeyId}, but the key here is {held.Key.Id}", Enrol));
        }
        catch (ConfigException none)
        {
            return new(null, new("enrol", none.Message, Enrol));
        }
        catch (StateException inUse) when (inUse.IsHeld)
        {
            return new(null, new("enrol", $"enrolled; {config.StateDir} is in use, so no token is asked for in the place of whoever uses it"));
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or StateException)
        {
            return new(null, new("enrol", $"{config.StateDir}: {unusable.Message}", "let the agent's user read and write there"));
        }
    }

    public void Dispose() => Directory?.Dispose();
}
