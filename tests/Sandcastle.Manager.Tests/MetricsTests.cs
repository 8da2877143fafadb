using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Rest;

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

    [Fact]
    public async Task Metrics_ofTenants_areBounded()
    {
        await using var server = await ManagerServer.StartAsync(tenants: new TenantOptions { TenantsInMetrics = 2 });
        foreach (var tenant in (string[])["t1", "t2", "t3", "t4"])
        {
            using var client = server.As(await server.NewKeyAsync(tenant));
            using var response = await client.PostAsync(
                "/v1/runs", ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest), TestContext.Current.CancellationToken);
            await ManagerServer.ReadAsync(response);
        }

        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.ShouldMatch("""sandcastle_tenant_runs_total\{.*tenant="t1".*\} 1""");
        text.ShouldMatch("""sandcastle_tenant_runs_total\{.*tenant="_other".*\} 2""");
        text.ShouldMatch("""sandcastle_tenant_running\{.*tenant="t2".*\} 0""");
        text.ShouldMatch("""sandcastle_tenant_running\{.*tenant="_other".*\} 0""");
        text.ShouldContain("sandcastle_capacity_waiting");
        text.ShouldNotContain("t3");
    }

    /// <summary>One may be named as the rest was once: it has a series of its own, and the rest another.</summary>
    [Fact]
    public async Task Metrics_ofATenantNamedOther_areItsOwn()
    {
        await using var server = await ManagerServer.StartAsync(tenants: new TenantOptions { TenantsInMetrics = 1 });
        foreach (var tenant in (string[])["other", "t2", "t3"])
        {
            using var client = server.As(await server.NewKeyAsync(tenant));
            using var response = await client.PostAsync(
                "/v1/runs", ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest), TestContext.Current.CancellationToken);
            await ManagerServer.ReadAsync(response);
        }

        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.ShouldMatch("""sandcastle_tenant_runs_total\{.*tenant="other".*\} 1""");
        text.ShouldMatch("""sandcastle_tenant_runs_total\{.*tenant="_other".*\} 2""");
        using var refused = await server.Client.PostAsync(
            "/v1/keys", ManagerServer.Json(new KeyRequest { Tenant = "_other" }, RestJson.Default.KeyRequest), TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(refused, System.Net.HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("tenant");
    }

    /// <summary>Also where the limit is looked at before a claim is written for the run's key.</summary>
    [Fact]
    public async Task Metrics_ofRefusals_countRunsWithAKeyAsWell()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.SetTermsAsync("shut", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = 0 } });
        using var client = server.As(await server.NewKeyAsync("shut"));
        foreach (var key in (string?[])[null, "k"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/runs") { Content = ManagerServer.Json(new RunRequest { Code = "x" }, RestJson.Default.RunRequest) };
            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            await ManagerServer.ReadProblemAsync(response, System.Net.HttpStatusCode.TooManyRequests);
        }

        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        text.ShouldMatch("""sandcastle_tenant_refusals_total\{.*tenant="shut".*\} 2""");
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
