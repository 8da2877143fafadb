using System.Net;
using System.Text;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task Post_code_answersWithResultAndReceipt()
    {
        await using var server = await ManagerServer.StartAsync();
        var run = await server.RunAsync("""{"code":"print('hello')","metadata":{"step":"7"}}""");

        run.Outcome.ShouldBe(Outcome.Succeeded);
        run.ExitCode.ShouldBe(0);
        run.Stdout.ShouldBe("hello\n");
        run.Template.ShouldBe("python");
        run.Worker.ShouldBe("worker-a");
        run.Metadata!["step"].ShouldBe("7");
        run.Receipt!.CpuMicros.ShouldBe(3000);
        run.Receipt.Sources["cpu"].Source.ShouldBe("cpuacct.usage");
        run.Receipt.RusageCpuMicros.ShouldBe(2900);
        run.Receipt.Limits.ShouldBe(new LimitsRequest { TimeoutMs = 30_000, MemoryMiB = 256, Cpus = 1, Pids = 64, DiskMiB = 256, DiskInodes = 16_384, OutputKiB = 1024, OpenFiles = 256 });
        run.Timings!.RanMs.ShouldBe(3);
    }

    [Fact]
    public async Task Post_everyField_reachesTheWorker()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.RunAsync("""
            {"template":"python","code":"pass","args":["a","b"],"stdin":"in","env":{"K":"V"},
             "files":[{"path":"d/x.txt","content":"text"},{"path":"y.bin","contentBase64":"AP8="}],
             "limits":{"timeoutMs":1500,"memoryMiB":64,"cpus":0.5,"pids":8,"diskMiB":16,"diskInodes":100,"outputKiB":2,"openFiles":32},
             "collect":["out/*.png"],"encoding":"utf-8","profile":"fork","requireKeep":"builtin"}
            """);

        var order = await server.Worker.NextOrderAsync();
        Encoding.UTF8.GetString(order.Code!.Value.Span).ShouldBe("pass");
        order.Tenant.ShouldBe("default");
        order.Args.ShouldBe(["a", "b"]);
        Encoding.UTF8.GetString(order.Stdin.Span).ShouldBe("in");
        order.Env["K"].ShouldBe("V");
        order.Files[1].Content.ToArray().ShouldBe([0, 255]);
        order.Collect.ShouldBe(["out/*.png"]);
        order.RequireKeep.ShouldBe("builtin");
        order.Limits.Timeout.ShouldBe(TimeSpan.FromMilliseconds(1500));
        order.Limits.MemoryBytes.ShouldBe(64L << 20);
        order.Limits.Cpus.ShouldBe(0.5);
        order.Limits.Pids.ShouldBe(8);
        order.Limits.DiskBytes.ShouldBe(16L << 20);
        order.Limits.DiskInodes.ShouldBe(100);
        order.Limits.OutputBytes.ShouldBe(2L << 10);
        order.Limits.OpenFiles.ShouldBe(32);
    }

    [Fact]
    public async Task Post_command_goesToTheCommandTemplate()
    {
        await using var server = await ManagerServer.StartAsync();
        await server.RunAsync("""{"argv":["ls","-l"]}""");
        var order = await server.Worker.NextOrderAsync();
        order.Template.ShouldBe("bash");
        order.Code.ShouldBeNull();
        order.Argv.ShouldBe(["ls", "-l"]);
    }

    [Fact]
    public async Task Post_outputThatIsNotUtf8_isReplacedOrExact()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Stdout([0x61, 0xff, 0x62]);
            run.Files = [new RunFile("pic.png", new byte[] { 0x89, 0x50 }), new RunFile("t.txt", "text"u8.ToArray())];
            return Task.CompletedTask;
        };

        var text = await server.RunAsync("""{"code":"x"}""");
        text.Stdout.ShouldBe("a\ufffdb");
        text.Encoding.ShouldBe("utf-8");
        text.Files[0].ContentBase64.ShouldBe("iVA=");
        text.Files[1].Content.ShouldBe("text");

        var exact = await server.RunAsync("""{"code":"x","encoding":"base64"}""");
        Convert.FromBase64String(exact.Stdout).ShouldBe([0x61, 0xff, 0x62]);
        exact.Encoding.ShouldBe("base64");
        exact.Files[1].ContentBase64.ShouldBe("dGV4dA==");
    }

    [Fact]
    public async Task Post_clientGoesAway_cancelsTheRun()
    {
        await using var server = await ManagerServer.StartAsync();
        var ended = new TaskCompletionSource<Outcome>();
        server.Worker.Program = async run =>
        {
            await run.UntilCancelledAsync();
            ended.SetResult(run.Outcome);
        };

        using var leaving = new CancellationTokenSource();
        var post = server.PostAsync("""{"code":"x"}""", cancellationToken: leaving.Token);
        await server.Worker.NextOrderAsync();
        await leaving.CancelAsync();

        (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(Outcome.Cancelled);
        await Should.ThrowAsync<OperationCanceledException>(post);
    }

    [Fact]
    public async Task Get_runUnderWay_saysRunning()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run => run.UntilCancelledAsync();
        var post = server.RunAsync("""{"code":"x"}""");
        var id = (await server.Worker.NextOrderAsync()).Id;

        using var get = await server.Client.GetAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        var running = await ManagerServer.ReadAsync(get);
        running.Status.ShouldBe("running");
        running.Outcome.ShouldBeNull();

        using var delete = await server.Client.DeleteAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadAsync(delete)).Outcome.ShouldBe(Outcome.Cancelled);
        (await post).Outcome.ShouldBe(Outcome.Cancelled);
    }

    [Fact]
    public async Task Delete_runInTheQueue_answersCancelledWithoutReceipt()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = async run =>
        {
            await Task.Delay(Timeout.Infinite, run.Cancelled);
        };
        var post = server.RunAsync("""{"code":"x"}""");
        var id = (await server.Worker.NextOrderAsync()).Id;

        using var delete = await server.Client.DeleteAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        var ended = await ManagerServer.ReadAsync(delete);
        ended.Outcome.ShouldBe(Outcome.Cancelled);
        ended.Receipt.ShouldBeNull();
        (await post).Outcome.ShouldBe(Outcome.Cancelled);
    }

    [Fact]
    public async Task Get_endedRun_givesTheResultThenOnlyTheReceipt()
    {
        await using var server = await ManagerServer.StartAsync();
        var run = await server.RunAsync("""{"code":"x"}""");
        using (var kept = await server.Client.GetAsync($"/v1/runs/{run.Id}", TestContext.Current.CancellationToken))
        {
            (await ManagerServer.ReadAsync(kept)).Stdout.ShouldBe("hello\n");
        }

        // A question about usage waits until the receipt is there.
        using (await server.Client.GetAsync("/v1/usage", TestContext.Current.CancellationToken))
        {
            server.Clock.Advance(TimeSpan.FromMinutes(11));
        }

        using var later = await server.Client.GetAsync($"/v1/runs/{run.Id}", TestContext.Current.CancellationToken);
        var remembered = await ManagerServer.ReadAsync(later);
        remembered.Status.ShouldBe("ended");
        remembered.Outcome.ShouldBe(Outcome.Succeeded);
        remembered.Stdout.ShouldBe("");
        remembered.StdoutTruncated.ShouldBeTrue();
        remembered.Receipt!.CpuMicros.ShouldBe(3000);

        // The whole receipt is what it was, to the last digit.
        (remembered.Receipt.StartedAt, remembered.Receipt.RusageCpuMicros, remembered.Receipt.Limits)
            .ShouldBe((run.Receipt!.StartedAt, run.Receipt.RusageCpuMicros, run.Receipt.Limits));
        remembered.Receipt.StartedAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("run_000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task Get_unknownRun_isNotFound(string id)
    {
        await using var server = await ManagerServer.StartAsync();
        using var response = await server.Client.GetAsync($"/v1/runs/{id}", TestContext.Current.CancellationToken);
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.NotFound)).Kind.ShouldBe(RefusalKind.NotFound);
    }

    [Fact]
    public async Task Post_workerFull_isNoCapacityWithRetryAfter()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = _ => throw FakeWorker.NoCapacity();
        using var response = await server.PostAsync("""{"code":"x"}""");
        (await ManagerServer.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable)).Kind.ShouldBe(RefusalKind.NoCapacity);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Post_oneWorkerFull_goesToTheOther()
    {
        var full = new FakeWorker("full") { Program = _ => throw FakeWorker.NoCapacity() };
        var free = new FakeWorker("free");
        await using var server = await ManagerServer.StartAsync(full, second: free);
        for (var i = 0; i < 20; i++)
        {
            (await server.RunAsync("""{"code":"x"}""")).Worker.ShouldBe("free");
        }
    }

    [Fact]
    public async Task Post_ourFailureBeforeTheStart_isTriedOnceMore()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run => server.Worker.RunCount == 1
            ? throw new InvalidOperationException("the slot broke")
            : Task.CompletedTask;
        (await server.RunAsync("""{"code":"x"}""")).Outcome.ShouldBe(Outcome.Succeeded);
        server.Worker.RunCount.ShouldBe(2);
    }

    [Fact]
    public async Task Post_ourFailureAfterTheStart_isInternalWithTraceAndNotTriedAgain()
    {
        await using var server = await ManagerServer.StartAsync();
        server.Worker.Program = run =>
        {
            run.Start();
            throw new InvalidOperationException("secret detail");
        };
        var problem = await server.RefusedAsync("""{"code":"x"}""", HttpStatusCode.InternalServerError);
        problem.Kind.ShouldBe(RefusalKind.Internal);
        problem.TraceId!.Length.ShouldBe(32);
        problem.Detail.ShouldNotContain("secret");
        server.Worker.RunCount.ShouldBe(1);
    }
}
