using System.Text;
using System.Text.Json.Nodes;
using Sandcastle.Worker.Jails.Processes;

namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>tests/native/seccomp_verdicts.c, started under each of the programs that take a rendering of the policy.</summary>
public sealed class SeccompVerdicts : IDisposable
{
    private const string Name = "seccomp_verdicts";
    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<Task> _build;

    public SeccompVerdicts() => _build = new Lazy<Task>(BuildAsync);

    internal static string? Crun => OnPath("crun");

    internal static string? Runsc => OnPath("runsc");

    private string Program => _directory.PathTo(Name);

    /// <summary>Under no filter but the mark.</summary>
    internal Task<IReadOnlyList<string>> UnfilteredAsync(IReadOnlyList<SeccompVector> vectors) =>
        RunAsync(vectors, Program, ["mark", Program, "read"]);

    /// <summary>Under a BPF program that the caller installs itself.</summary>
    internal Task<IReadOnlyList<string>> BpfAsync(IReadOnlyList<SeccompVector> vectors, string filterFile) =>
        RunAsync(vectors, Program, ["mark", Program, "read", filterFile]);

    /// <summary>Under nsjail, which makes a filter of Kafel; nothing else of nsjail is wanted.</summary>
    internal Task<IReadOnlyList<string>> NsjailAsync(IReadOnlyList<SeccompVector> vectors, string nsjail, string kafel) =>
        RunAsync(vectors, Program,
        [
            "mark", nsjail, "-Mo", "--quiet", "--keep_caps", "--disable_rlimits", "--disable_clone_newuser", "--disable_clone_newns",
            "--disable_clone_newnet", "--disable_clone_newpid", "--disable_clone_newipc", "--disable_clone_newuts",
            "--disable_clone_newcgroup", "--seccomp_string", kafel, "--", Program, "read",
        ]);

    /// <summary>Under crun, which makes a filter of the runtime specification's JSON.</summary>
    internal async Task<IReadOnlyList<string>> CrunAsync(IReadOnlyList<SeccompVector> vectors, string crun, JsonObject seccomp)
    {
        await _build.Value;
        using var bundle = Bundle(seccomp, "read");
        string[] run = [crun, "--cgroup-manager=disabled", "--root", bundle.PathTo("state"), "run", "--bundle", bundle.Location, NewId()];

        // crun takes no hybrid hierarchy of cgroups, not even when it is told to leave cgroups alone: it is shown another one.
        string[] shown = Directory.Exists("/sys/fs/cgroup/unified")
            ? ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", "mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec \"$@\"", "sh"]
            : [];
        return await RunAsync(vectors, Program, ["mark", .. shown, .. run]);
    }

    /// <summary>In gVisor, under a BPF program that the guest installs itself (null: under the mark alone).</summary>
    internal async Task<IReadOnlyList<string>> GvisorAsync(IReadOnlyList<SeccompVector> vectors, string runsc, byte[]? filter)
    {
        await _build.Value;
        string[] installed = filter is null ? [] : ["/filter.bpf"];
        using var bundle = Bundle(null, ["mark", "/" + Name, "read", .. installed]);
        await File.WriteAllBytesAsync(bundle.PathTo("rootfs/filter.bpf"), filter ?? [], TestContext.Current.CancellationToken);
        return await RunAsync(vectors, runsc, GvisorArguments(bundle));
    }

    /// <summary>What a call answers under gVisor's own loader of the runtime specification's JSON, or why there is no guest.</summary>
    internal async Task<string> GvisorLoaderAsync(string runsc, JsonObject seccomp, string line)
    {
        await _build.Value;
        using var bundle = Bundle(seccomp, "make");
        var result = await ChildProgram.RunAsync(
            runsc, ["--oci-seccomp", .. GvisorArguments(bundle)], Encoding.ASCII.GetBytes(line + "\n"), TestContext.Current.CancellationToken);
        return result.ExitCode == 0 ? Encoding.ASCII.GetString(result.Output).Trim() : result.Error;
    }

    public void Dispose() => _directory.Dispose();

    private static string[] GvisorArguments(TemporaryDirectory bundle) =>
        ["--root", bundle.PathTo("state"), "--ignore-cgroups", "--network=none", "run", "--bundle", bundle.Location, NewId()];

    private static string NewId() => $"sandcastle-test-{Guid.NewGuid():n}";

    private static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, name))
        .FirstOrDefault(File.Exists);

    private TemporaryDirectory Bundle(JsonObject? seccomp, params string[] arguments)
    {
        var bundle = new TemporaryDirectory();
        foreach (var name in new[] { "dev", "proc", "sys" })
        {
            Directory.CreateDirectory(bundle.PathTo("rootfs/" + name));
        }

        File.Copy(Program, bundle.PathTo("rootfs/" + Name));
        var linux = new JsonObject
        {
            ["namespaces"] = new JsonArray(new JsonObject { ["type"] = "mount" }, new JsonObject { ["type"] = "pid" }),
        };
        if (seccomp is not null)
        {
            linux["seccomp"] = seccomp;
        }

        var configuration = new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["root"] = new JsonObject { ["path"] = "rootfs", ["readonly"] = true },
            ["process"] = new JsonObject
            {
                ["cwd"] = "/",
                ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
                ["args"] = new JsonArray([.. arguments.Prepend("/" + Name).Select(argument => JsonValue.Create(argument))]),
                ["noNewPrivileges"] = true,
            },
            ["mounts"] = new JsonArray(),
            ["linux"] = linux,
        };
        bundle.Write("config.json", configuration.ToJsonString());
        return bundle;
    }

    private async Task<IReadOnlyList<string>> RunAsync(
        IReadOnlyList<SeccompVector> vectors, string program, IReadOnlyList<string> arguments)
    {
        await _build.Value;
        var input = Encoding.ASCII.GetBytes(string.Concat(vectors.Select(vector => vector.Line + "\n")));
        var result = await ChildProgram.RunAsync(program, arguments, input, TestContext.Current.CancellationToken);
        var answers = Encoding.ASCII.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        result.ExitCode.ShouldBe(0, result.Error);
        answers.Length.ShouldBe(vectors.Count, result.Error);
        return answers;
    }

    // Static: nothing else is in the containers' roots.
    private async Task BuildAsync()
    {
        var source = Repository.PathTo("tests", "native", Name + ".c");
        string[] flags = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-static", "-pthread", "-o", Program, source];
        var (exitCode, _, error) = await SeccompProbe.RunAsync("gcc", flags, "");
        exitCode.ShouldBe(0, error);
    }
}
