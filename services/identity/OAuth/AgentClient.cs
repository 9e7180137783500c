namespace Fleet.Identity.OAuth;

/// <summary>The one public client: every agent that is enrolled by device code. It has no secret; each agent shows its own key instead (RFC 9449).</summary>
public static class AgentClient
{
    public const string Id = "fleet-agent";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code", RefreshToken = "refresh_token";

    public static readonly TokenError Unknown = TokenError.InvalidClient($"'client_id' is to be '{Id}' here.");
}
