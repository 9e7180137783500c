namespace Fleet.Defaults.Grpc;

/// <summary>Ends a call with a status, as <c>Grpc.Core.RpcException</c> does.</summary>
/// <param name="detail">Goes to the caller as <c>grpc-message</c>: nothing of the inside belongs in it.</param>
public sealed class RpcException(StatusCode statusCode, string detail) : Exception($"{statusCode}: {detail}")
{
    public StatusCode StatusCode => statusCode;
    public string Detail => detail;
}
