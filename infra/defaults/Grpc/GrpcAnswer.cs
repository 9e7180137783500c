using System.Text;
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults.Grpc;

/// <summary>How a call ends: <c>grpc-status</c> and <c>grpc-message</c>, as trailers, or as the only headers when nothing was sent yet.</summary>
internal static class GrpcAnswer
{
    public static void End(HttpResponse response, StatusCode status, string detail)
    {
        Set(response, "grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (detail.Length > 0)
            Set(response, "grpc-message", Encode(detail));
    }

    private static void Set(HttpResponse response, string name, string value)
    {
        if (response.HasStarted)
            response.AppendTrailer(name, value);
        else
            response.Headers[name] = value;
    }

    /// <summary>Percent-encoding of PROTOCOL-HTTP2: printable ASCII but '%' stays.</summary>
    internal static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return encoded.ToString();
    }
}
