namespace Sandcastle.Protocol.Refusals;

/// <summary>Carries a refusal to the edge, where it becomes a problem document or a gRPC status.</summary>
public sealed class RefusalException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
