using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults.Grpc;

/// <summary>What a method knows beside its request; the part of <c>Grpc.Core.ServerCallContext</c> that is used here.</summary>
/// <param name="Caller">Whose token came as <c>authorization</c> metadata.</param>
/// <param name="CancellationToken">The caller hung up, the deadline passed, the token expired, or this process stops.</param>
public sealed record ServerCallContext(HttpContext Http, Caller Caller, CancellationToken CancellationToken);
