using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Tests.Runs;

/// <summary>What a program is in its slot, as the kernel says: nobody, with nothing, in namespaces of its own.</summary>
[Collection(nameof(WorkerCollection))]
public sealed class IsolationTests(RunningWorker worker)
{
    private static readonly string[] Namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

    [Theory]
    [InlineData("python", "print(open('/proc/self/status').read())")]
    [InlineData("node", "console.log(require('fs').readFileSync('/proc/self/status', 'utf8'))")]
    [InlineData("bash", "cat /proc/self/status")]
    public async Task Program_has_no_capability_no_other_id_and_a_filter(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");

        var status = (await OutputAsync(template, code)).Split('\n')
            .Where(line => line.Contains(':')).ToDictionary(line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 1)..].Trim());

        foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            status[set].ShouldBe("0000000000000000", set);
        }

        status["NoNewPrivs"].ShouldBe("1");
        status["Seccomp"].ShouldBe("2");
        status["Uid"].ShouldBe("1000\t1000\t1000\t1000");
        status["Gid"].ShouldBe("1000\t1000\t1000\t1000");
        status["Groups"].ShouldBe("");
    }

    [Theory]
    [InlineData("python", "import os\nfor n in sorted(os.listdir('/proc/self/ns')): print(n, os.readlink('/proc/self/ns/' + n))")]
    [InlineData("bash", "for n in /proc/self/ns/*; do echo ${n##*/} $(readlink $n); done")]
    public async Task Program_has_seven_namespaces_that_nobody_else_has(string template, string code)
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var outside = Namespaces.Select(name => Link($"/proc/self/ns/{name}")).ToList();

        var both = await OutputsOfTwoAsync(template, code);

        var inside = both.Select(text => Namespaces.Select(name => text.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1]).ToList()).ToList();
        inside[0].Concat(inside[1]).Concat(outside).Distinct().Count().ShouldBe(3 * Namespaces.Length);
    }

    [Fact]
    public async Task Program_has_a_host_uid_of_its_own_that_is_not_roots()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        var both = await OutputsOfTwoAsync("python", "print(open('/proc/self/uid_map').read().split(), open('/proc/self/gid_map').read().split())");

        both[0].ShouldMatch(@"^\['1000', '[1-9][0-9]*', '1'\] \['1000', '[1-9][0-9]*', '1'\]\n$");
        both[0].ShouldNotBe(both[1]);
    }

    private static string UntilStopped(string template) => template == "python"
        ? $"\nimport time; print('{TextOutput.End}', flush=True); time.sleep(600)"
        : $"; echo '{TextOutput.End}'; sleep 600";

    private static string Link(string path) => File.ResolveLinkTarget(path, returnFinalTarget: false)!.Name;

    /// <summary>Of two that are there at the same time, since the kernel gives the number of one that is gone to the next.</summary>
    private async Task<string[]> OutputsOfTwoAsync(string template, string code)
    {
        using var stop = new CancellationTokenSource();
        TextOutput[] outputs = [new(), new()];
        var runs = outputs.Select(output => worker.Host.RunAsync(
            RunningWorker.Order(template, code + UntilStopped(template), order => order with { Limits = order.Limits with { Timeout = TimeSpan.FromMinutes(10) } }),
            output,
            stop.Token)).ToList();

        await Task.WhenAny([Task.WhenAll(outputs.Select(output => output.Whole)), .. runs]);

        var ended = runs.Where(run => run.IsCompleted).ToList();
        await stop.CancelAsync();
        await Task.WhenAll(runs);
        ended.ShouldBeEmpty();
        return await Task.WhenAll(outputs.Select(output => output.Whole));
    }

    private async Task<string> OutputAsync(string template, string code)
    {
        var report = await worker.RunAsync(template, code);
        report.Outcome.ShouldBe(Outcome.Succeeded, Encoding.UTF8.GetString(report.Stderr.Span));
        return Encoding.UTF8.GetString(report.Stdout.Span);
    }

    /// <summary>What a program has written before it writes that this is all.</summary>
    private sealed class TextOutput : IRunOutput
    {
        internal const string End = "that is all";

        private readonly TaskCompletionSource<string> _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _text = new();

        internal Task<string> Whole => _whole.Task;

        public void OnStarted()
        {
        }

        public void OnStdout(ReadOnlySpan<byte> bytes)
        {
            _text.Append(Encoding.UTF8.GetString(bytes));
            if (_text.ToString() is var text && text.EndsWith(End + "\n", StringComparison.Ordinal))
            {
                _whole.TrySetResult(text[..^(End.Length + 1)]);
            }
        }

        public void OnStderr(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
