using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Kubectl.Tests.Clusters;

namespace Sandcastle.Kubectl.Tests.Commands;

/// <summary>Help, completion, and the way from sandcastle to here.</summary>
public sealed class HelpTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public async Task Help_names_the_commands_of_both_kinds_and_the_exit_codes()
    {
        var help = await KubectlProcess.RunAsync(None, "--help");

        foreach (var word in (string[])["run", "templates", "usage", "workers", "pool", "lots", "tenants", "--manager", "--worker", "77 forbidden"])
        {
            help.Stdout.ShouldContain(word);
        }

        (await KubectlProcess.RunAsync(None, "run", "--help")).Stdout.ShouldContain("124 timed out");
        (await KubectlProcess.RunAsync(None, "pool", "--help")).Stdout.ShouldContain("pool scale python");
    }

    [Fact]
    public async Task Help_and_where_it_is_are_of_this_program_and_no_other()
    {
        (await KubectlProcess.RunAsync(None, "run", "--help")).Stdout.ShouldContain("\n  kubectl sandcastle run hello.py");
        (await KubectlProcess.RunAsync(None, "workers", "--help")).Stdout.ShouldContain("\n  kubectl sandcastle workers ");

        (await KubectlProcess.RunAsync(None, "pool", "scale", "x")).Stderr.ShouldEndWith("sandcastle: see 'kubectl-sandcastle pool scale --help'\n");
    }

    [Fact]
    public async Task Kubeconfig_that_the_variable_names_and_is_not_there_is_named()
    {
        var result = await KubectlProcess.RunAsync(new Dictionary<string, string> { ["KUBECONFIG"] = "/nowhere/config" }, "lots");

        result.Stderr.ShouldBe("sandcastle: there is no kubeconfig: of what KUBECONFIG names, '/nowhere/config', nothing is there\n");
        result.ExitCode.ShouldBe(78);
    }

    [Fact]
    public async Task Help_has_no_flags_of_servers_that_are_not_the_clusters()
    {
        var help = (await KubectlProcess.RunAsync(None, "run", "--help")).Stdout;

        help.ShouldNotContain("--server");
        help.ShouldNotContain("--api-key");
    }

    [Fact]
    public async Task Completion_in_bash_completes()
    {
        const string Driver = """
            eval "$(kubectl-sandcastle completion bash)"
            COMP_LINE="kubectl-sandcastle pool s" COMP_POINT=25 COMP_WORDS=(kubectl-sandcastle pool s) COMP_CWORD=2
            _kubectl_sandcastle; printf '%s\n' "${COMPREPLY[@]}"
            """;

        var result = await CliProgram.RunAsync(new CliCall
        {
            Program = "/bin/bash",
            Arguments = ["-c", Driver],
            Environment = new Dictionary<string, string> { ["PATH"] = $"{AppContext.BaseDirectory}:/usr/bin:/bin" },
        });

        result.Stdout.ShouldBe("scale\n");
    }

    // As kubectl calls it: the words behind `kubectl sandcastle`, the last one unfinished.
    [Theory]
    [InlineData("pool s", "scale\n:0\n")]
    [InlineData("run --template py", "python\npython-data\n:0\n")]
    public async Task Completion_for_kubectl_completes(string words, string completed)
    {
        using var directory = new TestDirectory();
        var script = directory.Write("kubectl_complete-sandcastle", (await KubectlProcess.RunAsync(None, "completion", "kubectl")).Stdout, executable: true);

        var result = await CliProgram.RunAsync(new CliCall
        {
            Program = script,
            Arguments = words.Split(' '),
            Environment = new Dictionary<string, string> { ["PATH"] = $"{AppContext.BaseDirectory}:/usr/bin:/bin" },
        });

        result.Stdout.ShouldBe(completed);
    }

    [Fact]
    public async Task Sandcastle_with_kube_executes_it()
    {
        using var directory = new TestDirectory();
        var environment = new Dictionary<string, string> { ["KUBECONFIG"] = directory.Write("config", "contexts: [{name: a, context: {}}]") };

        var result = await CliProgram.RunAsync(new CliCall { Arguments = ["--kube=b", "lots"], Environment = environment });

        result.Stderr.ShouldBe("sandcastle: the kubeconfig has no context 'b' (contexts: a)\n");
        result.ExitCode.ShouldBe(78);
        (await CliProgram.RunAsync(new CliCall { Arguments = ["run", "--kube=b", "-c", "x"], Environment = environment })).ExitCode.ShouldBe(125);
    }

    [Theory]
    [InlineData("--kube lots", 2)]
    [InlineData("--kube run -c x", 125)]
    public async Task Sandcastle_without_it_says_what_is_missing(string arguments, int exitCode)
    {
        using var directory = new TestDirectory();
        // The program and what it is made of, but not its neighbour.
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(IsOfTheClient))
        {
            File.Copy(file, Path.Combine(directory.Root, Path.GetFileName(file)));
        }

        var result = await CliProgram.RunAsync(new CliCall
        {
            Program = Path.Combine(directory.Root, "sandcastle"),
            Arguments = arguments.Split(' '),
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        });

        result.Stderr.ShouldBe("sandcastle: cannot find kubectl-sandcastle, which --kube executes: it is neither beside this program nor in PATH\n");
        result.ExitCode.ShouldBe(exitCode);
    }
    private static bool IsOfTheClient(string file) =>
        Path.GetFileName(file).Split('.')[0].ToUpperInvariant() is "SANDCASTLE" or "SPECTRE" or "SYSTEM";
}
