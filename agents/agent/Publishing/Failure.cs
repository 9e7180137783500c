using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;
using Fleet.Agent.Transcribing;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agent.Publishing;

public enum FailureKind { Dns, Refused, NoRoute, Tls, Token, NotEnrolled, TokenExpired, LoginRefused, Forbidden, Unroutable, NoAnswer, ConnectionLost, Configuration, Transcript, ProxyDns, ProxyUnreachable, ProxyLogin, ProxyForbids, ProxyNoWay, ProxySilent, ProxyNonsense }

/// <summary>What went wrong on the way to the broker, in one line that says what to look at. Pure.</summary>
public sealed record Failure(FailureKind Kind, string Line)
{
    /// <param name="doubt">What <see cref="ServerTrust"/> said of the certificate, if it doubted it.</param>
    public static Failure Of(Exception thrown, AgentConfig config, string? doubt)
    {
        var broker = string.Create(CultureInfo.InvariantCulture, $"broker {config.Broker.Host}:{config.Broker.Port}{Through(config, config.Broker.Host)}");
        var causes = Causes(thrown).ToList();
        var atIssuer = causes.Any(cause => cause is HttpRequestException or TokenRefusedException);
        var (who, host) = atIssuer ? ($"token issuer {config.TokenUrl}{Through(config, new Uri(config.TokenUrl).Host)}", new Uri(config.TokenUrl).Host) : (broker, config.Broker.Host);

        foreach (var cause in causes)
        {
            switch (cause)
            {
                case TranscriptException unwritten: return new(FailureKind.Transcript, unwritten.Message);
                case ProxyException proxy: return new(proxy.Kind, proxy.Message);
                case ConfigException wrong: return new(FailureKind.Configuration, wrong.Message);
                case TokenRefusedException { Error: "invalid_grant" } when config.ClientId is null:
                    return new(FailureKind.NotEnrolled, $"{config.Login} is no longer enrolled (unused for 90 days, or revoked): run fleet-agent enrol");
                case TokenRefusedException refused: return new(FailureKind.Token, $"{who} gives {config.Login} no token: {refused.Message}");
                case AuthenticationException: return new(FailureKind.Tls, $"TLS with {who} failed: {doubt ?? cause.Message}");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }: return new(FailureKind.Dns, $"no address is known for {host}");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }: return new(FailureKind.Refused, $"{who} refuses connections: is it running?");
                case SocketException socket: return new(FailureKind.NoRoute, $"{who} cannot be reached: {socket.Message}");
                case AuthenticationFailureException: return new(FailureKind.LoginRefused, $"{broker} refuses the token of {config.Login}: signature, audience or lifetime");
                case PublishException { IsReturn: true }: return new(FailureKind.Unroutable, $"{broker} has no queue for {config.Tenant}.{config.Site}.*: is telemetry running? The batch is kept");
                case PublishException: return new(FailureKind.NoAnswer, $"{broker} could not store a batch; it is kept");
                case OperationInterruptedException { ShutdownReason: { ReplyCode: 403 } reason }: return Refused403(broker, config, reason.ReplyText);
                case OperationInterruptedException { ShutdownReason: { } reason } when Expired(reason.ReplyText): return new(FailureKind.TokenExpired, $"{broker} ended the connection: the token has expired");
                case TimeoutException: return new(FailureKind.NoAnswer, $"{who} did not answer in time: {cause.Message}");
                case OperationInterruptedException { ShutdownReason: { } reason }:
                    return new(FailureKind.ConnectionLost, string.Create(CultureInfo.InvariantCulture, $"{broker} ended the connection: {reason.ReplyCode} {reason.ReplyText}"));
                default: break;
            }
        }
        return new(FailureKind.ConnectionLost, $"{who}: {causes[^1].Message}");
    }

    private static Failure Refused403(string broker, AgentConfig config, string text) =>
        Expired(text) ? new(FailureKind.TokenExpired, $"{broker} says 403: the token has expired")
        : text.Contains("vhost", StringComparison.Ordinal) && text.Contains("refused for user", StringComparison.Ordinal)
            ? new(FailureKind.Forbidden, $"{broker} says 403: {config.Login} has no access to vhost {config.Broker.Vhost}")
            : new(FailureKind.Forbidden, $"{broker} says 403: {config.Login} may not publish as {config.Tenant}.{config.Site}.*; the batch is kept ({text})");

    private static string Through(AgentConfig config, string host) => config.ProxyTo(host) is { } proxy ? $" through {proxy}" : "";

    private static bool Expired(string? text) => text?.Contains("expired", StringComparison.OrdinalIgnoreCase) == true;

    private static IEnumerable<Exception> Causes(Exception thrown)
    {
        yield return thrown;
        var inner = thrown is AggregateException many ? many.InnerExceptions : thrown.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes)) yield return cause;
    }
}
