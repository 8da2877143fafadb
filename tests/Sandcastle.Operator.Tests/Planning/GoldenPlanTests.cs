using System.Text.Json.Nodes;
using Sandcastle.Operator.Planning;
using Sandcastle.Operator.Planning.Actions;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Tests.Planning;

/// <summary>A directory per case: objects in, actions out. SANDCASTLE_UPDATE_GOLDEN=1 writes what comes out; somebody reads the difference.</summary>
public sealed class GoldenPlanTests
{
    private static readonly string Cases = Repository.PathTo("tests", "golden", "planning");

    public static TheoryData<string> Names => [.. Directory.GetDirectories(Cases).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_of_what_is_there_is_what_was_agreed(string name)
    {
        var observation = PlanningCase.Read(File.ReadAllText(Path.Combine(Cases, name, "in.yaml")));

        Golden.Compare($"tests/golden/planning/{name}/out.yaml", YamlText.Render(PlanningCase.Render(PoolPlanner.Plan(observation))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_writes_no_object_twice_and_every_patch_carries_its_version(string name)
    {
        var plan = PoolPlanner.Plan(PlanningCase.Read(File.ReadAllText(Path.Combine(Cases, name, "in.yaml"))));

        plan.Actions.Where(action => action is not EventAction).GroupBy(Target).Where(group => group.Count() > 1).ShouldBeEmpty();
        plan.Actions.OfType<PatchAction>().ShouldAllBe(patch => patch.Patch["metadata"]!["resourceVersion"]!.GetValue<string>().Length > 0);
    }

    [Fact]
    public void Plans_for_Kueue_fit_its_schemas()
    {
        var schemas = KueueSchemas.FindOrSkip();
        var written = Names.Select(name => (string)name).SelectMany(name =>
            PoolPlanner.Plan(PlanningCase.Read(File.ReadAllText(Path.Combine(Cases, name, "in.yaml")))).Actions.Select(action => (name, action))).ToList();

        var errors = written.SelectMany(pair => pair.action switch
        {
            CreateAction { Kind.Kind: "Workload" } create => schemas.Errors("workloads", create.Body),
            // A patch is a part of an object: what it names must be known, and have its type.
            PatchAction { Kind.Kind: "Workload" } patch => schemas.Errors("workloads", patch.Patch, isPart: true),
            _ => [],
        }, (pair, error) => $"{pair.name}: {error}");
        errors.ShouldBeEmpty();
        written.Count(pair => pair.action is PatchAction { Kind.Kind: "Workload" }).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Errors_of_what_does_not_fit_are_named()
    {
        var schemas = KueueSchemas.FindOrSkip();
        var workload = new JsonObject
        {
            ["apiVersion"] = "kueue.x-k8s.io/v1beta2",
            ["kind"] = "Workload",
            ["spec"] = new JsonObject { ["queueNam"] = "q", ["priority"] = "high", ["podSets"] = new JsonArray() },
        };

        schemas.Errors("workloads", workload).ShouldBe(
            [".spec.queueNam is unknown", ".spec.priority is no integer", ".spec.podSets has fewer than 1 items"], ignoreOrder: true);
    }

    private static string Target(PlannedAction action) => action switch
    {
        CreateAction create => $"{create.Kind} {create.Key}",
        PatchAction patch => $"{patch.Kind} {patch.Key}",
        DeleteAction delete => $"{delete.Kind} {delete.Key}",
        _ => throw new NotSupportedException(action.GetType().Name),
    };
}
