using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests;

/// <summary>A meter belongs to the process, so the servers of other tests would count here as well: these run alone.</summary>
[Collection(nameof(Alone))]
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_countRunsAndRefusals()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.RunAsync("""{"code":"x"}""");
        await server.RefusedAsync("{}");
        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.ShouldMatch("""sandcastle_runs_total\{.*outcome="succeeded".*\} 1""");
        text.ShouldMatch("""sandcastle_refusals_total\{.*kind="invalid".*\} 1""");
        text.ShouldMatch("""sandcastle_run_duration_seconds_bucket\{.*template="python".*le="0.005".*\} 1""");
        text.ShouldMatch("""sandcastle_run_queue_seconds_count\{.*\} 1""");
        text.ShouldMatch("""sandcastle_slots\{.*state="ready".*template="python".*\} 2|sandcastle_slots\{.*template="python".*state="ready".*\} 2""");
        text.ShouldContain("sandcastle_receipts_pending");
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
