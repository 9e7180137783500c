using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Defaults.Grpc;

/// <summary>HTTP/2 request → method → status: what every call of a service goes through.</summary>
internal sealed class GrpcCalls(IServiceProvider services, string service)
{
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();
    private readonly IHostApplicationLifetime _host = services.GetRequiredService<IHostApplicationLifetime>();
    private readonly ILogger _log = services.GetRequiredService<ILoggerFactory>().CreateLogger($"Fleet.Grpc.{service}");

    public async Task AnswerAsync(HttpContext http, Func<ServerCallContext, Task> method)
    {
        if (!IsGrpc(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        Begin(http);
        var (status, detail) = await RunAsync(http, method);
        if (!http.RequestAborted.IsCancellationRequested)
            GrpcAnswer.End(http.Response, status, detail);
    }

    /// <summary>The end of a call that comes to no method.</summary>
    public static void Refuse(HttpContext http, RpcException why)
    {
        Begin(http);
        GrpcAnswer.End(http.Response, why.StatusCode, why.Detail);
    }

    private static void Begin(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-accept-encoding"] = "identity";
    }

    private async Task<(StatusCode Status, string Detail)> RunAsync(HttpContext http, Func<ServerCallContext, Task> method)
    {
        try
        {
            return http.User.Identity?.IsAuthenticated == true
                ? await RunBoundedAsync(http, method)
                : (StatusCode.Unauthenticated, "A valid access token is needed as authorization metadata: Bearer <token>.");
        }
        catch (RpcException e)
        {
            return (e.StatusCode, e.Detail);
        }
        catch (RefusedException e)
        {
            http.Features.Set(e.Refusal);
            return (StatusCode.PermissionDenied, e.Refusal.Detail);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            _log.LogWarning(e, "{Path}: the database does not answer", http.Request.Path);
            return (StatusCode.Unavailable, "Something this call needs does not answer; call again.");
        }
        catch (Exception e)
        {
            // Whatever it was, the caller must see an end, and nothing of the inside.
            _log.LogError(e, "{Path} failed", http.Request.Path);
            return (StatusCode.Internal, "Something went wrong on our side.");
        }
    }

    private async Task<(StatusCode Status, string Detail)> RunBoundedAsync(HttpContext http, Func<ServerCallContext, Task> method)
    {
        var timeout = GrpcTimeout.Read(http.Request.Headers["grpc-timeout"]) ?? Timeout.InfiniteTimeSpan;
        using var deadline = new CancellationTokenSource(timeout, _clock);
        using var token = TokenLife.Of(http.User, _clock);
        var caller = await NarrowCaller.OfAsync(http);
        await using var access = AccessLife.Of(http, caller, _clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token, token.Token, access.Token, _host.ApplicationStopping);
        try
        {
            await method(new ServerCallContext(http, caller, any.Token));
            return (StatusCode.OK, "");
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            return deadline.IsCancellationRequested ? (StatusCode.DeadlineExceeded, "The deadline passed.")
                : token.IsCancellationRequested ? (StatusCode.Unauthenticated, "The access token expired; call again with a new one.")
                : access.Token.IsCancellationRequested ? Changed(access.Left)
                : _host.ApplicationStopping.IsCancellationRequested ? (StatusCode.Unavailable, "The server stops; call again.")
                : (StatusCode.Cancelled, "");
        }
    }

    private static (StatusCode Status, string Detail) Changed(Caller? left) => left switch
    {
        null => (StatusCode.Unavailable, "Something this call needs does not answer; call again."),
        { Tenants.Count: 0, Withheld: { Count: > 0 } withheld } => throw new RefusedException(
            Refusal.Forbidden("consent-missing", $"consent-missing: {string.Join("; ", withheld.Select(one => $"'{one.Key}' does not allow this: {one.Value} does not stand"))}")
                with
            { Missing = withheld.Values.First(), Tenant = withheld.Count == 1 ? withheld.Keys.First() : null }),
        { Tenants.Count: 0 } => throw new RefusedException(Refusal.Unknown(Problems.UnknownTenantType, "unknown-tenant: this token's tenants are another provider's by now.")),
        _ => (StatusCode.Aborted, "What the tenants allow has changed; call again for what may be seen now."),
    };

    public static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is "application/grpc" or "application/grpc+proto";
}
