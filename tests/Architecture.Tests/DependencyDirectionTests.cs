using System.Reflection;
using System.Reflection.Emit;
using System.Security;
using System.Text.Json;
using System.Xml.Linq;

namespace Architecture.Tests;

public sealed class DependencyDirectionTests
{
    private static readonly string Root = typeof(DependencyDirectionTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    public static TheoryData<string> OurAssemblies => [.. DependencyRule.Allowed.Keys];

    public static TheoryData<string> SafeAssemblies => [.. DependencyRule.Allowed.Keys.Where(name => name != "Sandcastle.Linux")];

    [Theory]
    [MemberData(nameof(OurAssemblies))]
    public void Assembly_refers_only_to_what_the_design_allows(string name) =>
        DependencyRule.Violations(Assembly.Load(name)).ShouldBeEmpty();

    // The compiler leaves out of an assembly what it does not use; a reference nobody uses yet is an invitation all the same.
    [Theory]
    [MemberData(nameof(OurAssemblies))]
    public void Project_refers_only_to_what_the_design_allows(string name) =>
        ProjectReferences(Projects()[name]).ShouldBeSubsetOf(DependencyRule.Allowed[name]);

    // What the client starts with is what a person waits for: what a cluster needs is in a program of its own.
    [Fact]
    public void Client_restores_neither_Kubernetes_nor_gRPC()
    {
        string[] forbidden = ["Kubernetes", "Grpc", "Protobuf", "Yaml"];
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "src/Sandcastle.Cli/packages.lock.json")));
        var packages = locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name)
            .ToList();

        packages.ShouldContain("System.CommandLine");
        packages.Where(package => forbidden.Any(word => package.Contains(word, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_has_a_rule() =>
        Projects().Keys.ShouldBe(DependencyRule.Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(SafeAssemblies))]
    public void Assembly_other_than_Linux_has_no_unsafe_code_and_no_native_calls(string name)
    {
        IsUnsafe(Assembly.Load(name)).ShouldBeFalse();
        NativeCalls(Assembly.Load(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Unsafe_code_and_native_calls_are_seen_where_they_are()
    {
        IsUnsafe(Assembly.Load("Sandcastle.Linux")).ShouldBeTrue();
        NativeCalls(typeof(object).Assembly).ShouldNotBeEmpty();
    }

    [Fact]
    public void Violations_of_a_forbidden_reference_names_it()
    {
        // This assembly uses none of ours in its code, so the offender is made here: a Client that refers to Linux.
        var offender = new PersistedAssemblyBuilder(new AssemblyName("Sandcastle.Client"), typeof(object).Assembly);
        var forbidden = new PersistedAssemblyBuilder(new AssemblyName("Sandcastle.Linux"), typeof(object).Assembly);
        var parent = forbidden.DefineDynamicModule("m").DefineType("Parent", TypeAttributes.Public);
        offender.DefineDynamicModule("m").DefineType("Child", TypeAttributes.Public, parent.CreateType()).CreateType();
        using var image = new MemoryStream();
        offender.Save(image);

        DependencyRule.Violations(Assembly.Load(image.ToArray())).ShouldBe(["Sandcastle.Client → Sandcastle.Linux"]);
    }

    [Fact]
    public void Client_program_and_all_that_it_links_know_nothing_of_gRPC()
    {
        var linked = Closure("sandcastle");
        linked.ShouldContain("Sandcastle.Client");
        linked.Where(IsGrpc).ShouldBeEmpty();
        Closure("Sandcastle.Client.Grpc").Where(IsGrpc).ShouldNotBeEmpty();

        static bool IsGrpc(string name) => name.StartsWith("Grpc.", StringComparison.Ordinal) || name.StartsWith("Google.", StringComparison.Ordinal);
    }

    /// <summary>The names of all assemblies that this one refers to, they refer to, and so on.</summary>
    private static HashSet<string> Closure(string root)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([root]);
        while (next.TryPop(out var name))
        {
            foreach (var reference in Assembly.Load(name).GetReferencedAssemblies().Select(r => r.Name!).Where(found.Add))
            {
                next.Push(reference);
            }
        }

        return found;
    }

    // The compiler marks every module that was compiled with AllowUnsafeBlocks.
    private static bool IsUnsafe(Assembly assembly) =>
        assembly.ManifestModule.GetCustomAttributes<UnverifiableCodeAttribute>().Any();

    private static IEnumerable<string> NativeCalls(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        select $"{type.FullName}.{method.Name}";

    /// <summary>The project files under src, by the name of the assembly each makes.</summary>
    private static Dictionary<string, string> Projects() =>
        Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(AssemblyName);

    private static string AssemblyName(string project) =>
        XDocument.Load(project).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);

    private static IEnumerable<string> ProjectReferences(string project) =>
        from reference in XDocument.Load(project).Descendants("ProjectReference")
        select AssemblyName(Path.GetFullPath(reference.Attribute("Include")!.Value, Path.GetDirectoryName(project)!));
}
