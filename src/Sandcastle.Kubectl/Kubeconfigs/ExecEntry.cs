namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>A program that prints credentials (client-go credential plugins).</summary>
internal sealed record ExecEntry
{
    /// <summary>client.authentication.k8s.io/v1 or v1beta1; its answer has to have the same.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>A name to be found in PATH, or an absolute path.</summary>
    public required string Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Never, IfAvailable or Always: may it ask the person at the terminal?</summary>
    public required string InteractiveMode { get; init; }

    public bool ProvideClusterInfo { get; init; }

    /// <summary>What to say when the program is not installed.</summary>
    public string? InstallHint { get; init; }
}
