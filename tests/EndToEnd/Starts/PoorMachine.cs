using System.Diagnostics;
using Sandcastle.EndToEnd.Clients;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.EndToEnd.Starts;

[assembly: AssemblyFixture(typeof(PoorMachine))]

namespace Sandcastle.EndToEnd.Starts;

/// <summary>This machine without one of its features, for one program and what it starts: a command line that takes it away and becomes that program.</summary>
public sealed class PoorMachine : IDisposable
{
    /// <summary>Remounts every cgroup hierarchy read-only, in a mount namespace of its own.</summary>
    private const string WithoutCgroupWrite = """
        mounts=$(awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/self/mounts)
        for mount in $mounts; do mount -o remount,bind,ro "$mount" || exit 99; done
        exec "$@"
        """;

    /// <summary>The maximum is the inner user namespace's own.</summary>
    private const string WithoutUserNamespaces = """
        echo 0 > /proc/sys/user/max_user_namespaces || exit 99
        exec "$@"
        """;

    /// <summary>Where a worker of root puts what it executes, as Debian mounts it; and the place that it takes then.</summary>
    private const string WithoutExecutionInRun = """
        mount -t tmpfs -o noexec,nosuid,nodev,mode=755 tmpfs /run && mount -t tmpfs -o mode=755 tmpfs /var/lib || exit 99
        exec "$@"
        """;

    private const string WithoutExecution = """
        mount -t tmpfs -o noexec,nosuid,nodev,mode=755 tmpfs /run && mount -t tmpfs -o noexec,mode=755 tmpfs /var/lib || exit 99
        exec "$@"
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-poor-");
    private readonly Lazy<Task<string>> _without;

    public PoorMachine() => _without = new Lazy<Task<string>>(BuildAsync);

    /// <summary>The launcher, or the test is skipped where this machine cannot be made poorer.</summary>
    internal async Task<string[]> WithoutAsync(string feature)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can take a feature away");
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "unshare is not installed");
        Assert.SkipUnless(File.Exists("/usr/include/seccomp.h"), "libseccomp's header is not installed");
        return feature switch
        {
            "cgroup write" => ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", WithoutCgroupWrite, "sh"],
            "user namespaces" => ["/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c", WithoutUserNamespaces, "sh"],
            "execution in /run" => ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", WithoutExecutionInRun, "sh"],
            "execution" => ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", WithoutExecution, "sh"],
            _ => [await _without.Value, feature],
        };
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>Runs a program on it to its end.</summary>
    internal static Task<ClientResult> RunAsync(string[] launcher, string program, params string[] arguments)
    {
        string[] command = [.. launcher, program, .. arguments];
        return ClientProcess.RunAsync(new Dictionary<string, string?>(), command[0], command[1..]);
    }

    private async Task<string> BuildAsync()
    {
        var program = Path.Combine(_directory.FullName, "without");
        string[] flags =
            ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, Path.Combine(Repository.Root, "tests", "native", "without.c"), "-lseccomp"];
        using var compiler = Process.Start("gcc", flags);
        await compiler.WaitForExitAsync();
        compiler.ExitCode.ShouldBe(0);
        return program;
    }
}
