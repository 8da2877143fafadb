using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Errors;

/// <summary>A request that is refused; it becomes a <c>Status</c> object on the wire.</summary>
/// <remarks>The factories use the wording of kube-apiserver, because clients and people match on it.</remarks>
public sealed class ApiException : Exception
{
    public ApiException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    /// <summary>The HTTP status, 400 to 599.</summary>
    public int Code { get; }

    /// <summary>The machine-readable reason, such as <c>Conflict</c>; empty when the real server sends none.</summary>
    public string Reason { get; }

    /// <summary>The <c>details</c> of the Status: name, group, kind, uid, causes.</summary>
    public JsonObject? Details { get; }

    /// <summary>The Status object as it is sent.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
