using System.Net;
using System.Text.Json;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>Terms of tenants: set, shown, in force at once, taken away; and what tenants use.</summary>
public sealed class TenantEndpointTests
{
    private static readonly TenantRequest Full = new()
    {
        Weight = 3,
        Limits = new TenantLimitsRequest { ConcurrentRuns = 4, Cpus = 1.5, MemoryMiB = 2048, RunsPerSecond = 0.5 },
        Budget = new TenantBudgetRequest
        {
            Hour = new BudgetAmountRequest { CpuSeconds = 10 },
            Day = new BudgetAmountRequest { GibSeconds = 20 },
            Month = new BudgetAmountRequest { CpuSeconds = 0, GibSeconds = 1.25 },
        },
        Templates = ["bash", "python"],
    };

    [Fact]
    public async Task Put_isShownAsItWasSet_alsoAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("sandcastle-manager-").FullName;
        try
        {
            await using (var server = await ManagerServer.StartAsync(directory: directory))
            {
                Same(await server.SetTermsAsync("team-a", Full));
            }

            await using var next = await ManagerServer.StartAsync(directory: directory);
            Same(await GetAsync(next, "team-a"));
            var list = JsonSerializer.Deserialize(await next.Client.GetStringAsync("/v1/tenants", TestContext.Current.CancellationToken), RestJson.Default.TenantsResponse)!;
            list.Tenants.Select(t => t.Name).ShouldBe(["team-a"]);
            list.Defaults.Limits!.ConcurrentRuns.ShouldBeNull();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        static void Same(TenantResponse answer)
        {
            (answer.Name, answer.Stored, answer.Weight, answer.Limits).ShouldBe(("team-a", true, 3, Full.Limits));
            answer.Budget.ShouldBe(Full.Budget);
            answer.Templates.ShouldBe(Full.Templates);
        }
    }

    [Fact]
    public async Task Put_replacesEverything_andDeleteBringsTheDefaultsBack()
    {
        await using var server = await ManagerServer.StartAsync(tenants: new TenantOptions { Defaults = new TenantTerms { ConcurrentRuns = 7 } });
        (await GetAsync(server, "team-a")).ShouldSatisfyAllConditions(t => t.Stored.ShouldBeFalse(), t => t.Limits!.ConcurrentRuns.ShouldBe(7));
        await server.SetTermsAsync("team-a", Full);
        (await server.SetTermsAsync("team-a", new TenantRequest { Weight = 2 })).Limits!.ConcurrentRuns.ShouldBeNull();
        using var deleted = await server.Client.DeleteAsync("/v1/tenants/team-a", TestContext.Current.CancellationToken);
        deleted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(server, "team-a")).Limits!.ConcurrentRuns.ShouldBe(7);
        using var again = await server.Client.DeleteAsync("/v1/tenants/team-a", TestContext.Current.CancellationToken);
        await ManagerServer.ReadProblemAsync(again, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Put_holdsForTheNextRun()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.SetTermsAsync("default", new TenantRequest { Limits = new TenantLimitsRequest { MemoryMiB = 100 } });
        var problem = await server.RefusedAsync("""{"code":"x"}""", HttpStatusCode.TooManyRequests);
        problem.Kind.ShouldBe(RefusalKind.QuotaExceeded);
        problem.Detail.ShouldContain("asks for 256 MiB of memory, and tenant 'default' may have 100 MiB in all");
        await server.SetTermsAsync("default", new TenantRequest());
        await server.RunAsync("""{"code":"x"}""");
    }

    [Fact]
    public async Task Defaults_holdForWhoeverHasNoTerms()
    {
        var budget = new TenantBudget { Month = new BudgetAmount(0, null) };
        await using var server = await ManagerServer.StartAsync(tenants: new TenantOptions { Defaults = new TenantTerms { Budget = budget } });
        using var response = await server.PostAsync("""{"code":"x"}""");
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.TooManyRequests)).Detail.ShouldContain("budget.month.cpuSeconds");
        response.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        await server.SetTermsAsync("default", new TenantRequest());
        await server.RunAsync("""{"code":"x"}""");
    }

    [Fact]
    public async Task Budget_isSpentByWhatReceiptsSay()
    {
        await using var server = await ManagerServer.StartAsync();

        // The fake's receipts have 3 ms each.
        await server.SetTermsAsync("default", new TenantRequest { Budget = new TenantBudgetRequest { Month = new BudgetAmountRequest { CpuSeconds = 0.0055 } } });
        await server.RunAsync("""{"code":"x"}""");
        await server.RunAsync("""{"code":"x"}""");
        (await server.RefusedAsync("""{"code":"x"}""", HttpStatusCode.TooManyRequests)).Detail.ShouldContain("has used 0.006 of 0.0055 CPU-seconds of this month's budget");
        var use = (await UseAsync(server)).Tenants.Single();
        use.BudgetSpent.ShouldBeTrue();
        use.BudgetRefillsAt!.Value.Day.ShouldBe(1);
    }

    [Fact]
    public async Task Use_tellsWhatRunsAndWhatWaits()
    {
        await using var server = await ManagerServer.StartAsync();
        (await UseAsync(server)).Tenants.ShouldBeEmpty();
        await server.SetTermsAsync("default", new TenantRequest { Limits = new TenantLimitsRequest { ConcurrentRuns = 1 } });
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Worker.Program = run =>
        {
            run.Start();
            return end.Task;
        };
        var running = server.RunAsync("""{"code":"x"}""");
        await server.Worker.NextOrderAsync();
        var waiting = server.RunAsync("""{"code":"x","limits":{"memoryMiB":64},"queue":{"maxWaitMs":60000}}""");
        TenantUsesResponse uses;
        do
        {
            uses = await UseAsync(server);
        }
        while (uses.Tenants.Single().Waiting == 0);
        uses.Manager.ShouldNotBeEmpty();
        var use = uses.Tenants.Single();
        (use.Tenant, use.Running, use.Waiting, use.CommittedMemoryMib, use.WaitingMemoryMib, use.Pressed).ShouldBe(("default", 1, 1, 256, 64, false));
        end.SetResult();
        await running;
        await waiting;
        (await UseAsync(server)).Tenants.Single().Running.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"weight":0}""", "weight must be between 1 and 1000, not 0")]
    [InlineData("""{"weight":1001}""", "weight must be between 1 and 1000, not 1001")]
    [InlineData("""{"limits":{"concurrentRuns":-1}}""", "limits.concurrentRuns must be between 0 and 1000000, not -1")]
    [InlineData("""{"limits":{"cpus":0}}""", "limits.cpus must be between 0.001 and 1000000, not 0")]
    [InlineData("""{"limits":{"memoryMiB":0}}""", "limits.memoryMiB must be between 1 and 1099511627776, not 0")]
    [InlineData("""{"limits":{"runsPerSecond":0}}""", "limits.runsPerSecond must be between 0.001 and 1000000, not 0")]
    [InlineData("""{"budget":{"day":{"gibSeconds":-0.5}}}""", "budget.day.gibSeconds must be between 0 and 1000000000000, not -0.5")]
    [InlineData("""{"templates":[""]}""", "templates[0] must be a template's name of 1 to 63 characters")]
    [InlineData("""{"limits":{"cpu":1}}""", "limits.cpu is unknown; the fields here are: concurrentRuns, cpus, memoryMiB, runsPerSecond")]
    [InlineData("""{"weight":"heavy"}""", "weight must be a whole number, not a string")]
    public async Task Put_badTerms_namesTheFieldAndTheLimit(string body, string detail)
    {
        await using var server = await ManagerServer.StartAsync();
        using var refused = await server.Client.PutAsync(
            "/v1/tenants/team-a", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.BadRequest)).Detail.ShouldBe(detail);
        (await GetAsync(server, "team-a")).Stored.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Team")]
    [InlineData("use")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.b")]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("%C3%A4")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890abcd")]
    public async Task Put_nameThatIsNone_isRefused(string name)
    {
        await using var server = await ManagerServer.StartAsync();
        using var refused = await server.Client.PutAsync(
            $"/v1/tenants/{name}", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(refused, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("name");
    }

    private static async Task<TenantResponse> GetAsync(ManagerServer server, string name) =>
        JsonSerializer.Deserialize(await server.Client.GetStringAsync($"/v1/tenants/{name}", TestContext.Current.CancellationToken), RestJson.Default.TenantResponse)!;

    private static async Task<TenantUsesResponse> UseAsync(ManagerServer server) =>
        JsonSerializer.Deserialize(await server.Client.GetStringAsync("/v1/tenants/use", TestContext.Current.CancellationToken), RestJson.Default.TenantUsesResponse)!;
}
