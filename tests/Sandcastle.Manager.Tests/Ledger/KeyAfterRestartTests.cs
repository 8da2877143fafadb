using System.Net;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tests.Ledger;

/// <summary>One manager, one file: what a key means to the next process.</summary>
public sealed class KeyAfterRestartTests : IDisposable
{
    private const string Body = """{"code":"x","encoding":"base64","metadata":{"who":"me"}}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("sandcastle-manager-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Post_keyOfAnEndedRun_givesTheSameAnswer()
    {
        var worker = new FakeWorker
        {
            Program = run =>
            {
                run.Stdout([0, 255]);
                run.Files = [new RunFile("out/a.bin", new byte[] { 1, 2 })];
                (run.Outcome, run.ExitCode) = (Outcome.Failed, 3);
                return Task.CompletedTask;
            },
        };
        Protocol.Rest.RunResponse first;
        await using (var server = await ManagerServer.StartAsync(worker, directory: _directory))
        {
            first = await server.RunAsync(Body, Key);
        }

        await using var next = await ManagerServer.StartAsync(directory: _directory);
        var again = await next.RunAsync(Body, Key);
        next.Worker.RunCount.ShouldBe(0);
        (again.Id, again.Outcome, again.ExitCode, again.Stdout).ShouldBe((first.Id, Outcome.Failed, 3, "AP8="));
        again.Files.Single().ContentBase64.ShouldBe("AQI=");
        again.Metadata!["who"].ShouldBe("me");
        again.Receipt!.CpuMicros.ShouldBe(first.Receipt!.CpuMicros);
        again.Timings.ShouldBe(first.Timings);

        using var other = await next.PostAsync("""{"code":"y"}""", Key);
        (await ManagerServer.ReadProblemAsync(other, HttpStatusCode.BadRequest)).Errors!.Single().Field.ShouldBe("Idempotency-Key");

        next.Clock.Advance(TimeSpan.FromMinutes(11));
        (await next.RunAsync(Body, Key)).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Post_keyOfAnEndedRunWhoseTemplateIsGone_isAnsweredStill()
    {
        string id;
        await using (var server = await ManagerServer.StartAsync(directory: _directory))
        {
            id = (await server.RunAsync(Body, Key)).Id;
        }

        await using var next = await ManagerServer.StartAsync(new FakeWorker { Templates = [FakeWorker.Template("other")] }, directory: _directory);
        (await next.RunAsync(Body, Key)).Id.ShouldBe(id);
        using var unknown = await next.PostAsync(Body, r => r.Headers.Add("Idempotency-Key", "b"));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Post_keyOfALargeResult_comesWithoutItsOutput()
    {
        await using (var server = await ManagerServer.StartAsync(directory: _directory, retention: new RetentionOptions { ResultBytes = 2500 }))
        {
            server.Worker.Program = run =>
            {
                run.Stdout(new byte[3000]);
                return Task.CompletedTask;
            };
            (await server.RunAsync(Body, Key)).StdoutTruncated.ShouldBeFalse();
        }

        await using var next = await ManagerServer.StartAsync(directory: _directory);
        var again = await next.RunAsync(Body, Key);
        (again.Stdout, again.StdoutTruncated, again.Outcome).ShouldBe(("", true, Outcome.Succeeded));
    }

    [Fact]
    public async Task Post_resultsBeyondTheBytes_laterOnesComeWithoutTheirOutput()
    {
        await using (var server = await ManagerServer.StartAsync(directory: _directory, retention: new RetentionOptions { Bytes = 6000 }))
        {
            server.Worker.Program = run =>
            {
                run.Stdout(new byte[2000]);
                return Task.CompletedTask;
            };
            await server.RunAsync(Body, Key);
            await server.RunAsync(Body, r => r.Headers.Add("Idempotency-Key", "b"));
        }

        await using var next = await ManagerServer.StartAsync(directory: _directory);
        (await next.RunAsync(Body, Key)).StdoutTruncated.ShouldBeFalse();
        (await next.RunAsync(Body, r => r.Headers.Add("Idempotency-Key", "b"))).StdoutTruncated.ShouldBeTrue();
    }

    /// <summary>Its predecessor was killed in the middle: it had claimed the key and never said how the run ended.</summary>
    [Fact]
    public async Task Post_keyOfAKilledManager_isNeverRunAgain()
    {
        var run = RunId.New();
        await using (var ledger = new SqliteLedger(Path.Combine(_directory, "ledger.db"), TimeProvider.System))
        {
            await ledger.BeatAsync("killed", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            await ledger.ClaimKeyAsync(Claims.Of(Body, "a", run, "killed"), TestContext.Current.CancellationToken);
        }

        await using var server = await ManagerServer.StartAsync(directory: _directory);
        using (var lost = await server.PostAsync(Body, Key))
        {
            var problem = await ManagerServer.ReadProblemAsync(lost, HttpStatusCode.InternalServerError);
            problem.Kind.ShouldBe(RefusalKind.Internal);
            problem.Detail.ShouldContain($"{run} under this key is gone");
            problem.TraceId.ShouldNotBeNull();
            lost.Headers.RetryAfter.ShouldNotBeNull();
        }

        // What the worker's journal says once it is read.
        await server.Ledger.RecordAsync([Receipts.New(run, outcome: Outcome.Interrupted)], TestContext.Current.CancellationToken);
        var known = await server.RunAsync(Body, Key);
        (known.Id, known.Outcome).ShouldBe((run.Value, Outcome.Interrupted));
        server.Worker.RunCount.ShouldBe(0);
    }

    private static void Key(HttpRequestMessage request) => request.Headers.Add("Idempotency-Key", "a");
}
