using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Worker.Slots;

/// <summary>Why a pool gives no slot.</summary>
internal static class PoolRefusals
{
    internal static Refusal NoCapacity(string detail) => new()
    {
        Kind = RefusalKind.NoCapacity,
        Detail = detail,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    internal static Refusal Unavailable(string template, string reason) => new()
    {
        Kind = RefusalKind.TemplateUnavailable,
        Detail = $"template {template} cannot be prepared: {reason}",
        RetryAfter = TimeSpan.FromSeconds(2),
    };
}
