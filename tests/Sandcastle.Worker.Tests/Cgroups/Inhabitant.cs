using System.Diagnostics;
using System.Globalization;
using Sandcastle.Worker.Cgroups;

namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>
/// A shell that has joined a slot's cgroup, and runs what it is told a line at a time. It says <c>ready</c> when it is in.
/// </summary>
internal sealed class Inhabitant : IDisposable
{
    private const string Script = "exec 2>/dev/null; for d in \"$@\"; do echo 0 > \"$d/cgroup.procs\" || exit 99; done; echo ready; while read -r line; do eval \"$line\"; done";
    private readonly Process _process;

    private Inhabitant(Process process) => _process = process;

    internal int Pid => _process.Id;

    internal static Inhabitant Enter(SlotCgroup cgroup)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add("sh");
        cgroup.Directories.ToList().ForEach(start.ArgumentList.Add);
        var inhabitant = new Inhabitant(Process.Start(start)!);
        inhabitant.Answer().ShouldBe("ready");
        return inhabitant;
    }

    internal void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    internal string? Answer() => _process.StandardOutput.ReadLine();

    internal string? Ask(string line)
    {
        Tell(line);
        return Answer();
    }

    internal int WaitForExit()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        return _process.ExitCode;
    }

    /// <summary>Time on a CPU as the scheduler counts it, of the shell alone, once it sleeps.</summary>
    internal TimeSpan OnCpu()
    {
        string before, now = "";
        do
        {
            before = now;
            now = File.ReadAllText($"/proc/{Pid}/schedstat");
            Thread.Yield();
        }
        while (now != before || !File.ReadAllText($"/proc/{Pid}/stat").Contains(" S ", StringComparison.Ordinal));
        return new TimeSpan(long.Parse(now.Split(' ')[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
    }

    public void Dispose()
    {
        // Its own child, not yet reaped: the number is still its.
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
