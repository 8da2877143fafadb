using System.Reflection;

namespace Architecture.Tests;

/// <summary>Which of our assemblies each of our assemblies may refer to (design, section 3).</summary>
internal static class DependencyRule
{
    /// <summary>By assembly name; what is not listed for an assembly is forbidden to it.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Sandcastle.Protocol"] = [],
        ["Sandcastle.Grpc"] = [],
        ["Sandcastle.Linux"] = [],
        ["Sandcastle.Link"] = ["Sandcastle.Protocol"],
        ["Sandcastle.Worker"] = ["Sandcastle.Link", "Sandcastle.Protocol", "Sandcastle.Linux"],
        ["Sandcastle.Manager"] = ["Sandcastle.Grpc", "Sandcastle.Link", "Sandcastle.Protocol"],
        ["Sandcastle.Operator"] = ["Sandcastle.Protocol"],
        ["Sandcastle.Client"] = ["Sandcastle.Protocol"],
        ["Sandcastle.Client.Grpc"] = ["Sandcastle.Client", "Sandcastle.Grpc", "Sandcastle.Protocol"],

        // Neither may ever refer to gRPC: it would be linked into a program whose start is counted in milliseconds.
        ["sandcastle"] = ["Sandcastle.Client", "Sandcastle.Protocol"],
        ["kubectl-sandcastle"] = ["Sandcastle.Client", "Sandcastle.Protocol", "sandcastle"],
        ["sandcastled"] = ["Sandcastle.Client", "Sandcastle.Link", "Sandcastle.Linux", "Sandcastle.Manager", "Sandcastle.Operator", "Sandcastle.Protocol", "Sandcastle.Worker"],
    };

    /// <summary>Every reference of the assembly that the rule forbids, as "A → B".</summary>
    public static IEnumerable<string> Violations(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var allowed = Allowed.GetValueOrDefault(name, []);
        return from reference in assembly.GetReferencedAssemblies()
               where IsOurs(reference.Name!) && !allowed.Contains(reference.Name)
               select $"{name} → {reference.Name}";
    }

    private static bool IsOurs(string assemblyName) =>
        assemblyName.StartsWith("sandcastle", StringComparison.OrdinalIgnoreCase);
}
