using System.Text.Json.Serialization;

namespace Sandcastle.Protocol.Refusals;

/// <summary>Why we did not run a program. Each maps to one HTTP status and one gRPC status, in one place.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefusalKind>))]
public enum RefusalKind
{
    [JsonStringEnumMemberName("invalid")] Invalid,
    [JsonStringEnumMemberName("unauthenticated")] Unauthenticated,
    [JsonStringEnumMemberName("forbidden")] Forbidden,
    [JsonStringEnumMemberName("unknown_template")] UnknownTemplate,
    [JsonStringEnumMemberName("template_unavailable")] TemplateUnavailable,
    [JsonStringEnumMemberName("not_found")] NotFound,
    [JsonStringEnumMemberName("too_large")] TooLarge,
    [JsonStringEnumMemberName("quota_exceeded")] QuotaExceeded,
    [JsonStringEnumMemberName("no_capacity")] NoCapacity,
    [JsonStringEnumMemberName("preempted")] Preempted,

    /// <summary>Our own failure: HTTP 500 with a trace id, never charged.</summary>
    [JsonStringEnumMemberName("internal")] Internal,

    /// <summary>The path is there, for other methods.</summary>
    [JsonStringEnumMemberName("method_not_allowed")] MethodNotAllowed,
}
