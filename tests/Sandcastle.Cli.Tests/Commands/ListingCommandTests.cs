using System.Text.Json;
using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>templates</c>, <c>usage</c>, help and completion.</summary>
public sealed class ListingCommandTests
{
    [Fact]
    public async Task Templates_table_has_one_line_each()
    {
        var result = await AskAsync("templates");

        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("NAME");
        lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..6].ShouldBe(["python", "python", "fork", "builtin", "7/8", "1"]);
        lines[2].ShouldContain("unavailable: pandas is not installed");
    }

    [Fact]
    public async Task Templates_table_says_nothing_to_the_terminal_but_text()
    {
        await using var server = await FakeServer.StartAsync();
        server.Templates = new TemplatesResponse([Answers.Templates.Templates[0] with { Description = "\u001b]0;title\u0007\u001b[2J\nline" }]);

        var result = await CliProgram.RunAsync("templates", "--server", server.UnixAddress, "--api-key", FakeServer.ApiKey);

        result.ExitCode.ShouldBe(0);
        result.Stdout.ShouldNotContain('\u001b');
        result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Templates_json_is_the_contract()
    {
        var result = await AskAsync("templates", "-o", "json");

        JsonSerializer.Deserialize(result.Stdout, RestJson.Default.TemplatesResponse)!.Templates.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Usage_table_ends_with_the_total()
    {
        var result = await AskAsync("usage", "--from", "2026-05-01");

        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2].ShouldBe(["TOTAL", "3"]);
        result.Stderr.ShouldContain("tenant default");
    }

    [Fact]
    public async Task Usage_by_hour_has_capacity_and_a_line_over_time()
    {
        var result = await AskAsync("usage", "--by", "hour");

        var lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["HOUR", "RUNS", "CPU", "WALL", "GIB-SECONDS", "READ", "WRITTEN", "OUTPUT", "RESERVED", "EFFICIENCY"]);
        lines[1].ShouldStartWith("2026-05-01 00:00");
        lines.Length.ShouldBe(4);
        result.Stderr.ShouldContain("cpu  ▅ █");
    }

    [Fact]
    public async Task Usage_yaml_is_a_document()
    {
        var result = await AskAsync("usage", "-o", "yaml");

        result.Stdout.ShouldStartWith("---\ntenant: default\n");
        result.Stdout.ShouldContain("outcome: timed_out");
    }

    [Fact]
    public async Task Usage_time_that_is_none_is_refused()
    {
        var result = await CliProgram.RunAsync("usage", "--from", "yesterday");

        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain("--from: 'yesterday' is not a time");
    }

    [Theory]
    [InlineData("usage --from 1,2", "--from: '1,2' is not a time like 2026-01-31 or 2026-01-31T12:00:00Z", "usage")]
    [InlineData("templates -o xml", "--output: 'xml' is none of table, json", "templates")]
    [InlineData("keys create --tenant a --scope root", "--scope: 'root' is none of run, read, admin", "keys create")]
    [InlineData("keys create", "Option '--tenant' is required.", "keys create")]
    public async Task Wrong_flag_is_named_in_one_line_with_its_commands_help(string arguments, string said, string command)
    {
        var result = await CliProgram.RunAsync(arguments.Split(' '));

        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldBe($"sandcastle: {said}\nsandcastle: see 'sandcastle {command} --help'\n");
    }

    [Fact]
    public async Task Server_that_is_no_address_is_a_wrong_flag()
    {
        var result = await CliProgram.RunAsync("templates", "--server", "ftp://x");

        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain("--server: 'ftp://x' is no address");
    }

    [Fact]
    public async Task Help_has_examples_and_exit_codes()
    {
        (await CliProgram.RunAsync("--help")).Stdout.ShouldContain("Examples:");
        var run = await CliProgram.RunAsync("run", "--help");
        run.ExitCode.ShouldBe(0);
        run.Stdout.ShouldContain("124 timed out");
    }

    [Fact]
    public async Task Help_of_run_has_no_flag_that_its_page_has_not()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cli.md"), TestContext.Current.CancellationToken);
        var help = (await CliProgram.RunAsync("run", "--help")).Stdout;

        var flags = help.Split(' ', '\n').Select(word => word.TrimEnd(',')).Where(word => word.StartsWith("--", StringComparison.Ordinal)).Distinct().Except(["--help", "--"]).ToList();

        flags.Count.ShouldBeGreaterThan(20);
        flags.ShouldAllBe(flag => page.Contains(flag + " ", StringComparison.Ordinal) || page.Contains(flag + "`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_one_line() => (await CliProgram.RunAsync("--version")).Stdout.ShouldMatch(@"^\d+\.\d+\.\d+\n$");

    [Fact]
    public async Task Unknown_command_is_refused()
    {
        var result = await CliProgram.RunAsync("rnu");

        result.ExitCode.ShouldBe(2);
        result.Stderr.ShouldContain("'rnu'");
    }

    [Theory]
    [InlineData("bash", "/bin/bash")]
    [InlineData("zsh", "/bin/zsh")]
    [InlineData("fish", "/usr/bin/fish")]
    public async Task Completion_script_is_sound(string shell, string program)
    {
        var script = await CliProgram.RunAsync("completion", shell);
        script.Stdout.ShouldContain("[suggest:");
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed");

        var check = await CliProgram.RunAsync(new CliCall { Program = program, Arguments = ["-n", "/dev/stdin"], Stdin = script.Stdout });

        check.Stderr.ShouldBe("");
        check.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Completion_in_bash_completes()
    {
        const string Driver = """
            eval "$(sandcastle completion bash)"
            COMP_LINE="sandcastle run --temp" COMP_POINT=21 COMP_WORDS=(sandcastle run --temp) COMP_CWORD=2
            _sandcastle; printf '%s\n' "${COMPREPLY[@]}"
            COMP_LINE="sandcastle run --template py" COMP_POINT=28 COMP_WORDS=(sandcastle run --template py) COMP_CWORD=3
            _sandcastle; printf '%s\n' "${COMPREPLY[@]}"
            """;

        var result = await CliProgram.RunAsync(new CliCall
        {
            Program = "/bin/bash",
            Arguments = ["-c", Driver],
            Environment = new Dictionary<string, string> { ["PATH"] = $"{AppContext.BaseDirectory}:/usr/bin:/bin" },
        });

        result.Stdout.ShouldBe("--template\npython\npython-data\n");
    }

    private static async Task<CliResult> AskAsync(params string[] arguments)
    {
        await using var server = await FakeServer.StartAsync();
        var result = await CliProgram.RunAsync([.. arguments, "--server", server.UnixAddress, "--api-key", FakeServer.ApiKey]);
        result.ExitCode.ShouldBe(0, result.Stderr);
        return result;
    }
}
