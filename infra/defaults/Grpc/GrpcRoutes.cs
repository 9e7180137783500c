using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Defaults.Grpc;

/// <summary>gRPC over Kestrel's HTTP/2, for want of Grpc.AspNetCore; README.md says what it does, what not, and how to swap it.</summary>
public static class GrpcRoutes
{
    // A request of this API is a few fields; gRPC's usual 4 MiB would only serve somebody who means harm.
    private const int LargestRequest = 64 * 1024;

    /// <summary>One request, a stream of answers: <c>rpc Method(TRequest) returns (stream TResponse)</c>.</summary>
    /// <param name="service">Full name of the service: <c>fleet.v1.FleetEvents</c>.</param>
    /// <param name="right">The right the token must give, else PERMISSION_DENIED; without a valid token UNAUTHENTICATED.</param>
    public static void MapGrpcServerStream<TRequest, TResponse>(
        this IEndpointRouteBuilder app, string service, string method, Right right, MessageParser<TRequest> parser,
        Func<TRequest, ServerStreamWriter<TResponse>, ServerCallContext, Task> handle)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var calls = new GrpcCalls(app.ServiceProvider, service);
        Map(app, $"/{service}/{method}", http => calls.AnswerAsync(http, async context =>
        {
            if (Requirements.Refused(context.Caller, right) is { } refusal)
                throw new RefusedException(refusal);
            var encoding = http.Request.Headers["grpc-encoding"].FirstOrDefault();
            var request = await GrpcMessages.ReadSingleAsync(http.Request.BodyReader, parser, encoding, LargestRequest, context.CancellationToken);
            await handle(request, new ServerStreamWriter<TResponse>(http.Response), context);
        })).WithMetadata(right);
    }

    /// <summary>Answers UNIMPLEMENTED for every other method of the service. Once per service.</summary>
    public static void MapGrpcUnimplemented(this IEndpointRouteBuilder app, string service)
    {
        var calls = new GrpcCalls(app.ServiceProvider, service);
        Map(app, $"/{service}/{{method}}", http => calls.AnswerAsync(http, _ =>
            throw new RpcException(StatusCode.Unimplemented, $"{service} has no such method.")));
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, string pattern, RequestDelegate call) => app.MapPost(pattern, call).ExcludeFromDescription();
}
