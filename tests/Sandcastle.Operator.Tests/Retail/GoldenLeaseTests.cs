using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Retail.Planning;

namespace Sandcastle.Operator.Tests.Retail;

/// <summary>A directory per case: objects and use in, actions out. SANDCASTLE_UPDATE_GOLDEN=1 writes what comes out; somebody reads the difference.</summary>
public sealed class GoldenLeaseTests
{
    private static readonly string Cases = Repository.PathTo("tests", "golden", "leases");

    public static TheoryData<string> Names => [.. Directory.GetDirectories(Cases).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_of_what_is_there_is_what_was_agreed(string name) =>
        Golden.Compare($"tests/golden/leases/{name}/out.yaml", YamlText.Render(TenantCase.Render(Plan(name))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_writes_no_object_twice_and_every_patch_carries_its_version(string name)
    {
        var plan = Plan(name);

        plan.Actions.Where(action => action is not EventAction).GroupBy(Target).Where(group => group.Count() > 1).ShouldBeEmpty();
        plan.Actions.OfType<PatchAction>().ShouldAllBe(patch => patch.Patch["metadata"]!["resourceVersion"]!.GetValue<string>().Length > 0);
        plan.Actions.OfType<CreateAction>().Count().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Plans_for_Kueue_fit_its_schemas()
    {
        var schemas = KueueSchemas.FindOrSkip();
        var written = Names.Select(name => (string)name).SelectMany(name => Plan(name).Actions.Select(action => (name, action))).ToList();

        var errors = written.SelectMany(pair => pair.action switch
        {
            CreateAction create => schemas.Errors("workloads", create.Body),
            PatchAction { Kind.Kind: "Workload" } patch => schemas.Errors("workloads", patch.Patch, isPart: true),
            _ => [],
        }, (pair, error) => $"{pair.name}: {error}");
        errors.ShouldBeEmpty();
        written.Count(pair => pair.action is PatchAction { Kind.Kind: "Workload" }).ShouldBeGreaterThan(10);
    }

    private static TenantPlan Plan(string name) => TenantPlanner.Plan(TenantCase.Read(File.ReadAllText(Path.Combine(Cases, name, "in.yaml"))));

    private static string Target(PlannedAction action) => action switch
    {
        CreateAction create => $"{create.Kind} {create.Key}",
        PatchAction patch => $"{patch.Kind} {patch.Key}",
        DeleteAction delete => $"{delete.Kind} {delete.Key}",
        _ => throw new NotSupportedException(action.GetType().Name),
    };
}
