using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="Refusal"/> on the wire.</summary>
public static class RefusalMapping
{
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

    public static Refusal FromWire(this V1.Refusal refusal) => new()
    {
        Kind = (RefusalKind)refusal.Kind,
        Detail = refusal.Detail,
        Errors = [.. refusal.Errors.Select(e => new FieldError(e.Field, e.Message))],
        RetryAfter = refusal.HasRetryAfterMillis ? TimeSpan.FromMilliseconds(refusal.RetryAfterMillis) : null,
        TraceId = refusal.HasTraceId ? refusal.TraceId : null,
    };
}
