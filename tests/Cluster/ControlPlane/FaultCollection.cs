namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What breaks its own control plane runs when nothing else does: its manager has the ports that its Pod has.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultCollection
{
    internal const string Name = "faults";
}
