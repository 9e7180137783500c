namespace Fleet.Agent.Configuration;

/// <summary>The agent's local page.</summary>
/// <param name="Port">TCP port on 127.0.0.1; 0 shows no page.</param>
public sealed record PageConfig(int Port = PageConfig.UsualPort)
{
    public const int UsualPort = 9631;
}
