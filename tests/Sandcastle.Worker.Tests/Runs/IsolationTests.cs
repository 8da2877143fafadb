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

        // Two at a time, since the kernel gives the number of one that is gone to the next.
        var both = await Task.WhenAll(OutputAsync(template, code + Wait(template)), OutputAsync(template, code + Wait(template)));

        var inside = both.Select(text => Namespaces.Select(name => text.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1]).ToList()).ToList();
        inside[0].Concat(inside[1]).Concat(outside).Distinct().Count().ShouldBe(3 * Namespaces.Length);
    }

    [Fact]
    public async Task Program_has_a_host_uid_of_its_own_that_is_not_roots()
    {
        Assert.SkipWhen(RunningWorker.Missing is not null, RunningWorker.Missing ?? "");
        const string Code = "print(open('/proc/self/uid_map').read().split(), open('/proc/self/gid_map').read().split()); import time; time.sleep(0.5)";

        var both = await Task.WhenAll(OutputAsync("python", Code), OutputAsync("python", Code));

        both[0].ShouldMatch(@"^\['1000', '[1-9][0-9]*', '1'\] \['1000', '[1-9][0-9]*', '1'\]\n$");
        both[0].ShouldNotBe(both[1]);
    }

    private static string Wait(string template) => template == "python" ? "\nimport time; time.sleep(0.5)" : "; sleep 0.5";

    private static string Link(string path) => File.ResolveLinkTarget(path, returnFinalTarget: false)!.Name;

    private async Task<string> OutputAsync(string template, string code)
    {
        var report = await worker.RunAsync(template, code);
        report.Outcome.ShouldBe(Outcome.Succeeded, Encoding.UTF8.GetString(report.Stderr.Span));
        return Encoding.UTF8.GetString(report.Stdout.Span);
    }
}
