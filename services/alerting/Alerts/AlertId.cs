using System.Security.Cryptography;
using System.Text;

namespace Fleet.Alerting.Alerts;

/// <summary>Names one episode of one condition: derived, never drawn, so that every replay and every delivery names the same.</summary>
public static class AlertId
{
    /// <returns>32 lower-case hex digits.</returns>
    public static string Of(string tenant, string device, string condition, int episode)
    {
        // The lengths keep ("a", "bc") and ("ab", "c") apart.
        var name = $"{tenant.Length}:{tenant} {device.Length}:{device} {condition.Length}:{condition} {episode}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }
}
