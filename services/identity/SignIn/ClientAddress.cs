using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.SignIn;

/// <summary>Where a request comes from, for counting wrong tries. Behind proxies (FLEET_TRUSTED_PROXIES, addresses or CIDR ranges, blanks between them) the last address in X-Forwarded-For that is none of them; anybody else's header is not believed.</summary>
public sealed class ClientAddress(IConfiguration settings)
{
    private readonly IReadOnlyList<IPNetwork> _proxies = [.. (settings["FLEET_TRUSTED_PROXIES"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    public string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        foreach (var hop in http.Request.Headers["X-Forwarded-For"].SelectMany(line => line?.Split(',') ?? []).Reverse())
        {
            if (!IsProxy(address) || !IPAddress.TryParse(hop.Trim(), out var before))
                break;
            address = before;
        }
        return Whole(address);
    }

    private bool IsProxy(IPAddress address) => _proxies.Any(proxy => proxy.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    // One line of an IPv6 subscriber is a /64.
    private static string Whole(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
        : address.ToString();

    private static IPNetwork Read(string text) =>
        IPNetwork.TryParse(text, out var range) ? range
        : IPAddress.TryParse(text, out var one) ? new(one, one.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException($"FLEET_TRUSTED_PROXIES: '{text}' is neither an address nor a range");
}
