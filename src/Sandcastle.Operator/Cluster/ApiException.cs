namespace Sandcastle.Operator.Cluster;

/// <summary>The API server refused something.</summary>
/// <param name="status">HTTP's.</param>
/// <param name="reason">Kubernetes' word: <c>Conflict</c>, <c>AlreadyExists</c>, <c>Invalid</c> …; empty when there was none.</param>
/// <param name="message">The server's sentence, with what was asked.</param>
public sealed class ApiException(int status, string reason, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Reason { get; } = reason;

    /// <summary>The object has changed since it was read.</summary>
    public bool IsConflict => Status == 409 && Reason != "AlreadyExists";

    public bool IsAlreadyThere => Status == 409 && Reason == "AlreadyExists";

    public bool IsNotFound => Status == 404;

    /// <summary>The version that was asked for is older than what the server remembers.</summary>
    public bool IsExpired => Status == 410;
}
