using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>keys</c>, <c>tenants</c> and <c>run --queue</c>.</summary>
public sealed class TenantCommandTests : IAsyncLifetime
{
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Create_prints_the_secret_alone_on_stdout()
    {
        var result = await AskAsync("keys", "create", "--tenant", "team-a", "--scope", "run", "--name", "ci", "--expires", "2030-01-01");
        result.Stdout.ShouldBe(FakeTenants.Secret + "\n");
        result.Stderr.ShouldBe("sandcastle: key key_0123456789abcdef of tenant team-a; its secret is not shown again\n");
        var key = JsonSerializer.Deserialize(
            (await AskAsync("keys", "create", "--tenant", "team-a", "--scope", "run", "--expires", "2030-01-01", "-o", "json")).Stdout, RestJson.Default.KeyResponse)!;
        key.Scopes.ShouldBe(["run"]);
        key.ExpiresAt.ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task List_shows_keys_without_secrets()
    {
        var result = await AskAsync("keys", "list", "--tenant", "team a");
        _server.Tenants.Calls.ShouldBe(["GET /v1/keys?tenant=team%20a"]);
        result.Stdout.ShouldContain("key_0123456789abcdef  team-b  ci    run,read  2026-05-04 12:00:00Z  2026-05-05 12:00:00Z");
        result.Stdout.ShouldContain("never");
    }

    [Fact]
    public async Task Rotate_and_revoke_name_the_key()
    {
        var rotated = await AskAsync("keys", "rotate", "key_0123456789abcdef", "--overlap", "24h");
        rotated.Stdout.ShouldBe(FakeTenants.Secret + "\n");
        rotated.Stderr.ShouldContain("the old secret is good until 2026-05-05 12:00:00Z");
        (await AskAsync("keys", "revoke", "key_0123456789abcdef")).Stderr.ShouldContain("is revoked");
        _server.Tenants.Calls.ShouldBe(["POST /v1/keys/key_0123456789abcdef/rotate", "DELETE /v1/keys/key_0123456789abcdef"]);
    }

    [Fact]
    public async Task Set_changes_what_is_given_and_leaves_the_rest()
    {
        await AskAsync(
            "tenants", "set", "team-a", "--weight", "3", "--concurrent-runs", "8", "--cpu", "1.5", "--memory", "4G", "--runs-per-second", "20",
            "--budget-hour-cpu-seconds", "3600", "--budget-month-gib-seconds", "1e6", "--template", "python", "--template", "bash");
        var first = _server.Tenants.Terms["team-a"];
        first.Weight.ShouldBe(3);
        first.Limits.ShouldBe(new TenantLimitsRequest { ConcurrentRuns = 8, Cpus = 1.5, MemoryMiB = 4096, RunsPerSecond = 20 });
        first.Budget.ShouldBe(new TenantBudgetRequest { Hour = new() { CpuSeconds = 3600 }, Month = new() { GibSeconds = 1e6 } });
        first.Templates.ShouldBe(["python", "bash"]);

        var shown = await AskAsync("tenants", "set", "team-a", "--cpus", "none", "--concurrent-runs", "9", "--template", "none", "--budget-hour-cpu-seconds", "none");
        var second = _server.Tenants.Terms["team-a"];
        second.Limits.ShouldBe(new TenantLimitsRequest { ConcurrentRuns = 9, MemoryMiB = 4096, RunsPerSecond = 20 });
        second.Budget.ShouldBe(new TenantBudgetRequest { Month = new() { GibSeconds = 1e6 } });
        second.Templates.ShouldBeNull();
        shown.Stdout.ShouldContain("concurrent runs:  9\n");
        shown.Stdout.ShouldContain("cpus:             no limit\n");
        shown.Stdout.ShouldContain("budget:           1000000 GiB-s/month\n");
    }

    [Theory]
    [InlineData("--weight", "much", "--weight: 'much' is not a whole number like 64, or none")]
    [InlineData("--cpus", "NaN", "--cpus: 'NaN' is not a number like 0.5 or 2, or none")]
    [InlineData("--memory", "lots", "--memory: 'lots' is not")]
    public async Task Set_bad_value_is_refused_by_its_flag(string flag, string value, string message)
    {
        var result = await CliProgram.RunAsync(Arguments("tenants", "set", "team-a", flag, value));
        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain(message);
        _server.Tenants.Terms.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("describe")]
    [InlineData("set", "--cpus", "1")]
    [InlineData("reset")]
    public async Task The_one_name_that_no_tenant_has_is_refused(string verb, params string[] flags)
    {
        var result = await CliProgram.RunAsync(Arguments(["tenants", verb, "use", .. flags]));
        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain("NAME: no tenant is called 'use'; what all of them use is 'sandcastle tenants use'");
        _server.Tenants.Terms.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_describe_use_and_reset_show_what_there_is()
    {
        _server.Tenants.Terms["team-a"] = new TenantRequest { Weight = 2, Limits = new TenantLimitsRequest { MemoryMiB = 512 } };
        var list = (await AskAsync("tenants", "list")).Stdout;
        list.ShouldMatch(@"team-a +2 +- +- +512 MiB");
        list.ShouldContain("(all others)");
        (await AskAsync("tenants", "describe", "team-b")).Stdout.ShouldContain("team-b (no terms of its own: these are the defaults)");
        (await AskAsync("tenants", "use")).Stdout.ShouldMatch(@"team-a +2 +1 +1.5 +2 +512 MiB +256 MiB +spent until 2026-05-04 12:00:00Z");
        (await AskAsync("tenants", "reset", "team-a")).Stderr.ShouldContain("tenant team-a has no terms of its own any more");
        _server.Tenants.Terms.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_queue_asks_to_wait_and_shows_its_place_when_verbose()
    {
        _server.OnRun = async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await Answers.EventAsync(context, "queued", new QueuedEvent("run_0123456789abcdef01234567", 3), RestJson.Default.QueuedEvent);
            await Answers.EventAsync(context, "result", Answers.Succeeded, RestJson.Default.RunResponse);
        };
        var result = await AskAsync("run", "-v", "--queue", "1m30s", "-c", "x");
        _server.Runs.Single().Queue.ShouldBe(new QueueRequest { MaxWaitMs = 90_000 });
        result.Stderr.ShouldStartWith("sandcastle: waiting in line, number 3\n");
        (await CliProgram.RunAsync(Arguments("run", "--queue", "soon", "-c", "x"))).Stderr.ShouldContain("--queue: 'soon' is not a duration");
    }

    private async Task<CliResult> AskAsync(params string[] arguments)
    {
        var result = await CliProgram.RunAsync(Arguments(arguments));
        result.ExitCode.ShouldBe(0, result.Stderr);
        return result;
    }

    private string[] Arguments(params string[] arguments) => [.. arguments, "--server", _server.UnixAddress, "--api-key", FakeServer.ApiKey];
}
