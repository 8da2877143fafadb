namespace Sandcastle.Operator.Load;

/// <summary>Where the managers are.</summary>
public sealed record ManagerLoadOptions
{
    public string Namespace { get; init; } = "sandcastle-system";

    public string Service { get; init; } = "sandcastle-manager";

    /// <summary>The Service's port.</summary>
    public string PortName { get; init; } = "https";

    /// <summary>The name in the managers' certificate.</summary>
    public string ServerName { get; init; } = "manager.sandcastle";

    /// <summary><c>https</c>; <c>http</c> is for tests.</summary>
    public string Scheme { get; init; } = "https";

    /// <summary>How long one manager may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
