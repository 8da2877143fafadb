namespace Sandcastle.Cluster.ControlPlane;

/// <summary>One control plane for all tests that need one, and these one after the other: they share its namespaces.</summary>
[CollectionDefinition(Name)]
public sealed class ControlPlaneCollection : ICollectionFixture<ApiServer>
{
    internal const string Name = "control plane";
}
