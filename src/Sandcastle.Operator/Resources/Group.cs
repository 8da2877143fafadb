namespace Sandcastle.Operator.Resources;

/// <summary>The API group of what a person declares here.</summary>
public static class Group
{
    public const string Name = "sandcastle.dev";

    public const string Version = "v1alpha1";

    public const string ApiVersion = Name + "/" + Version;

    /// <summary>Everything of ours: <c>kubectl get sandcastle</c>.</summary>
    public const string Category = "sandcastle";
}
