using System.Security.Cryptography;
using System.Text;
using Sandcastle.Client;
using Sandcastle.Client.Events;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// What must pass the API server's proxy, over each wire. That output is live is seen by order and not by time: the program goes on until it is
/// ended by somebody who has read what it wrote.
/// </summary>
internal static class ProxyWays
{
    private const int Most = 16 << 20;
    private const string Endless = "import sys,time\nprint('first', flush=True)\nprint('second', file=sys.stderr, flush=True)\nwhile True: time.sleep(60)";
    private const string Digest = "import hashlib; d=open('big','rb').read(); print(len(d), hashlib.sha256(d).hexdigest())";

    private static readonly LimitsRequest Long = new() { TimeoutMs = 300_000 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <returns>The ids of the runs.</returns>
    internal static async Task<IEnumerable<string>> TryAsync(ISandcastleClient client, ISandcastleClient another) =>
    [
        await LiveAsync(client, another),
        await LeaveAsync(client, another),
        await CancelFromElsewhereAsync(client, another),
        await UploadAsync(client),
        await UnaryAsync(client),
    ];

    /// <summary>Output arrives while the program runs, and a DELETE ends it.</summary>
    private static async Task<string> LiveAsync(ISandcastleClient client, ISandcastleClient another)
    {
        var seen = new List<string>();
        var id = "";
        await foreach (var runEvent in client.StreamAsync(new RunRequest { Code = Endless, Limits = Long }, cancellationToken: Cancelled))
        {
            switch (runEvent)
            {
                case RunStarted started:
                    id = started.Id;
                    seen.Add("started");
                    break;
                case RunOutput output:
                    seen.Add($"{output.Stream} {Encoding.UTF8.GetString(output.Bytes.Span).Trim()}");
                    break;
                case RunEnded ended:
                    ended.Ending.Outcome.ShouldBe(Outcome.Cancelled);
                    seen.Add("ended");
                    break;
            }

            if (seen.Count == 3)
            {
                (await another.GetRunAsync(id, Cancelled)).Status.ShouldBe("running");
                await another.CancelAsync(id, Cancelled);
            }
        }

        seen.ShouldBe(["started", "Stdout first", "Stderr second", "ended"]);
        return id;
    }

    /// <summary>Whoever leaves ends his run: the proxy tells the manager that he has left.</summary>
    private static async Task<string> LeaveAsync(ISandcastleClient client, ISandcastleClient another)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var id = "";
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var runEvent in client.StreamAsync(new RunRequest { Code = Endless, Limits = Long }, cancellationToken: leave.Token))
            {
                id = runEvent is RunStarted started ? started.Id : id;
                if (runEvent is RunOutput)
                {
                    await leave.CancelAsync();
                }
            }
        });
        RunResponse run;
        while ((run = await another.GetRunAsync(id, Cancelled)).Status == "running")
        {
            await Task.Delay(20, Cancelled);
        }

        run.Outcome.ShouldBe(Outcome.Cancelled);
        return id;
    }

    /// <summary>The call that waits for its answer is answered by who ends it elsewhere.</summary>
    private static async Task<string> CancelFromElsewhereAsync(ISandcastleClient client, ISandcastleClient another)
    {
        const string Key = "ended-elsewhere";
        var request = new RunRequest { Code = Endless, Limits = Long, Metadata = new Dictionary<string, string> { ["of"] = client.GetType().Name } };
        var key = $"{Key}-{client.GetType().Name}";
        var id = "";
        await foreach (var runEvent in client.StreamAsync(request, key, Cancelled))
        {
            id = runEvent is RunStarted started ? started.Id : id;
            if (id.Length > 0)
            {
                break; // A run with a key goes on.
            }
        }

        var waiting = client.RunAsync(request, key, Cancelled);
        (await another.GetRunAsync(id, Cancelled)).Status.ShouldBe("running");
        await another.CancelAsync(id, Cancelled);
        var ended = await waiting;
        (ended.Id, ended.Outcome).ShouldBe((id, Outcome.Cancelled));
        return id;
    }

    /// <summary>As much as a request may hold, and a byte more.</summary>
    private static async Task<string> UploadAsync(ISandcastleClient client)
    {
        var content = RandomNumberGenerator.GetBytes(Most - Digest.Length);
        var run = await client.RunAsync(With(content), cancellationToken: Cancelled);
        run.Stdout.ShouldBe($"{content.Length} {Convert.ToHexStringLower(SHA256.HashData(content))}\n", run.Stderr);
        var refused = await Should.ThrowAsync<SandcastleException>(client.RunAsync(With([.. content, 0]), cancellationToken: Cancelled));
        refused.Problem.Kind.ShouldBe(RefusalKind.TooLarge);
        return run.Id;

        static RunRequest With(byte[] content) => new() { Code = Digest, Files = [new RunFileContent { Path = "big", ContentBase64 = Convert.ToBase64String(content) }] };
    }

    /// <summary>An answer with all that it may have, and a program's failure as what it is.</summary>
    private static async Task<string> UnaryAsync(ISandcastleClient client)
    {
        var run = await client.RunAsync(
            new RunRequest { Code = "import sys; open('out','wb').write(bytes(range(256))); print(sys.argv[1]); sys.exit(3)", Args = ["an argument"], Collect = ["out"] },
            cancellationToken: Cancelled);
        (run.Outcome, run.ExitCode, run.Stdout).ShouldBe((Outcome.Failed, 3, "an argument\n"));
        Convert.FromBase64String(run.Files.Single().ContentBase64!).ShouldBe([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        run.Receipt!.CpuMicros.ShouldBeGreaterThan(0);
        return run.Id;
    }
}
