namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Programs of a control plane, where envtest of controller-runtime looks for them too: the directory KUBEBUILDER_ASSETS.</summary>
internal static class Assets
{
    private static string? Location => Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } path ? path : null;

    internal static string PathTo(params string[] parts) =>
        Path.Combine([Location ?? throw new InvalidOperationException("KUBEBUILDER_ASSETS is not set"), .. parts]);

    internal static bool Has(string name) => Location is { } path && Path.Exists(Path.Combine(path, name));

    /// <summary>Skips the test, visibly, where one of these is not there.</summary>
    internal static void Require(params string[] names)
    {
        Assert.SkipWhen(Location is null, "KUBEBUILDER_ASSETS does not name a directory with etcd, kube-apiserver and the rest");
        var missing = names.Where(name => !Has(name)).ToList();
        Assert.SkipUnless(missing.Count == 0, $"{string.Join(", ", missing)} not in KUBEBUILDER_ASSETS ({Location})");
    }
}
