using Sandcastle.Operator.Planning;

namespace Sandcastle.Operator.Tests.Planning;

public sealed class OverGraceTests
{
    [Fact]
    public void Count_is_of_lots_that_hold_quota_behind_their_pools_grace()
    {
        var seen = PlanningCase.Read(File.ReadAllText(Repository.PathTo("tests", "golden", "planning", "evicted-grace-is-over", "in.yaml")));
        var evicted = seen.Workloads.Single(workload => workload.IsEvicted).Condition("Evicted")!.LastTransitionTime;
        var end = evicted + seen.Pool!.Spec.Scaling.DrainGrace.Time + OverGrace.Slack;

        OverGrace.Count([seen.Pool], seen.Lots, seen.Workloads, end).ShouldBe(0);
        OverGrace.Count([seen.Pool], seen.Lots, seen.Workloads, end.AddSeconds(1)).ShouldBe(1);
        OverGrace.Count([seen.Pool], seen.Lots, [], end.AddSeconds(1)).ShouldBe(0);
    }
}
