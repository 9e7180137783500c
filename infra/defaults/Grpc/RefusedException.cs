namespace Fleet.Defaults.Grpc;

/// <summary>Ends a call with PERMISSION_DENIED and the refusal's words, and puts the refusal on record as HTTP's are.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal => refusal;
}
