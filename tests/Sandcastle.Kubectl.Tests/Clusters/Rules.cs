using Sandcastle.Testing.ApiServer.Identity;

namespace Sandcastle.Kubectl.Tests.Clusters;

/// <summary>Rules that tests give beside those of the roles.</summary>
internal static class Rules
{
    /// <summary>The roles name the manager by https; those behind these tests speak http on loopback.</summary>
    public static AccessRule CleartextManager { get; } = new()
    {
        Verbs = ["get", "create", "delete"],
        Resources = ["services/proxy"],
        Names = ["http:sandcastle-manager:https"],
        Namespaces = [TestCluster.System],
    };
}
