using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Operator.Certificates;

/// <summary>Chains that end at our own authority, and nowhere else.</summary>
internal static class ChainPolicies
{
    internal static X509ChainPolicy Trusting(this X509ChainPolicy policy, IEnumerable<X509Certificate2> roots)
    {
        policy.CustomTrustStore.AddRange(roots.ToArray());
        return policy;
    }
}
