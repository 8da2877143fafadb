using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="Refusal"/> on the wire.</summary>
public static class RefusalMapping
{
    /// <summary>A day, in milliseconds.</summary>
    private const long LongestWait = 86_400_000;

    public static V1.Refusal ToWire(this Refusal refusal)
    {
        var wire = new V1.Refusal { Kind = (V1.RefusalKind)refusal.Kind, Detail = refusal.Detail };
        wire.Errors.AddRange(refusal.Errors.Select(e => new V1.FieldError { Field = e.Field, Message = e.Message }));
        if (refusal.RetryAfter is { } after)
        {
            wire.RetryAfterMillis = (long)after.TotalMilliseconds;
        }

        if (refusal.TraceId is { } trace)
        {
            wire.TraceId = trace;
        }

        return wire;
    }

    /// <summary>A kind that nobody knows is a failure of ours, and a wait is one that can be told.</summary>
    public static Refusal FromWire(this V1.Refusal refusal) => new()
    {
        Kind = Enum.IsDefined((RefusalKind)refusal.Kind) ? (RefusalKind)refusal.Kind : RefusalKind.Internal,
        Detail = refusal.Detail,
        Errors = [.. refusal.Errors.Select(e => new FieldError(e.Field, e.Message))],
        RetryAfter = refusal.HasRetryAfterMillis ? TimeSpan.FromMilliseconds(Math.Clamp(refusal.RetryAfterMillis, 0, LongestWait)) : null,
        TraceId = refusal.HasTraceId ? refusal.TraceId : null,
    };
}
