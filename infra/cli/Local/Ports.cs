using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fleet.Cli.Local;

public static class Ports
{
    /// <summary>A loopback TCP port nobody listens on, below the range the kernel lends to clients (32768 upwards on Linux).</summary>
    public static int Free()
    {
        const int attempts = 100;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            if (!IsTaken(port))
                return port;
        }

        throw new FleetException("No free port", "127.0.0.1:20000-32000", "stop some of what listens there");
    }

    public static bool IsTaken(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return false;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new FleetException("No rights", $"port {port}", "ports below 1024 need root; choose another --port");
        }
    }

    /// <summary>Throws one line when another process listens there.</summary>
    public static void Require(int port, string what)
    {
        if (IsTaken(port))
            throw new FleetException("Port taken", $"127.0.0.1:{port}, {what}", "stop what listens there or choose another --port");
    }

    public static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
