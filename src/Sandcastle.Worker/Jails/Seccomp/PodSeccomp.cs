using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>
/// The policy of a whole worker Pod, as a Localhost profile of Kubernetes: what a guest may, and what making its walls takes
/// (policy/pod). It is narrower than what container runtimes allow by default, but for namespaces and mounts, which they refuse.
/// </summary>
/// <remarks>
/// The kernel takes the strictest of all filters of a process, so a guest's own still holds in there. Of two that fail a call with
/// an errno the youngest chooses it: programs see the guests' answers.
/// </remarks>
internal static class PodSeccomp
{
    /// <summary>
    /// The additions first. A call that both name is the additions' alone: a guest's look at its arguments is not the Pod's business then.
    /// </summary>
    internal static SeccompPolicy Merge(SeccompPolicy guests, SeccompPolicy additions)
    {
        var added = additions.Groups.SelectMany(group => group.Calls).ToHashSet(StringComparer.Ordinal);
        var rest =
            from owner in guests.Groups
            let calls = owner.Calls.Where(call => !added.Contains(call)).ToArray()
            where calls.Length > 0
            select owner with { Calls = calls };
        return new SeccompPolicy { Groups = [.. additions.Groups, .. rest] };
    }

    /// <summary>One file for nodes of both architectures; of a call that one of them lacks the runtime says nothing there.</summary>
    internal static JsonObject Render(SeccompPolicy guests, SeccompPolicy additions)
    {
        var profile = OciSeccomp.Render(Merge(guests, additions), Architecture.X64);
        profile["architectures"] = new JsonArray("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64");
        return profile;
    }
}
