using Sandcastle.Cli.Tests.Programs;
using Sandcastle.Cli.Tests.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tests.Commands;

/// <summary><c>sandcastle run --download</c>: what a server, or a program through it, may write where the command stands.</summary>
public sealed class RunDownloadTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-cli-");
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_downloads_land_below_the_current_directory()
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with
        {
            Files = [new RunFileContent { Path = "out/a.bin", ContentBase64 = "/wA=" }, new RunFileContent { Path = "b.txt", Content = "é" }],
            CollectErrors = ["big.bin: larger than 16 MiB"],
        });

        var result = await RunAsync("-c", "x", "--download", "**");

        File.ReadAllBytes(PathOf("out/a.bin")).ShouldBe([0xff, 0]);
        File.ReadAllText(PathOf("b.txt")).ShouldBe("é");
        result.Stderr.ShouldBe("sandcastle: --download: big.bin: larger than 16 MiB\n");
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/tmp/sandcastle-evil")]
    [InlineData("a/../../evil")]
    public async Task Run_download_that_would_leave_the_directory_is_refused(string path)
    {
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with { Files = [new RunFileContent { Path = path, Content = "x" }] });

        var result = await RunAsync("-c", "x", "--download", "**");

        result.ExitCode.ShouldBe(125);
        result.Stderr.ShouldContain("outside");
        File.Exists(Path.GetFullPath(path, _directory.FullName)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("lib/a.txt")]
    [InlineData("lib/new/a.txt")]
    [InlineData("file.txt")]
    public async Task Run_download_goes_through_no_link_that_was_there_before(string path)
    {
        var elsewhere = Directory.CreateTempSubdirectory("sandcastle-elsewhere-");
        try
        {
            Directory.CreateSymbolicLink(PathOf("lib"), elsewhere.FullName);
            File.CreateSymbolicLink(PathOf("file.txt"), Path.Combine(elsewhere.FullName, "file.txt"));
            Answer(new RunFileContent { Path = path, Content = "x" });

            var result = await RunAsync("-c", "x", "--download", "**");

            result.ExitCode.ShouldBe(125);
            result.Stderr.ShouldContain("symbolic link");
            elsewhere.EnumerateFileSystemInfos().ShouldBeEmpty();
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_download_takes_the_place_of_a_pipe_and_of_a_second_name_instead_of_writing_to_it()
    {
        File.WriteAllText(PathOf("mine.txt"), "mine");
        File.SetUnixFileMode(PathOf("mine.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using (var made = System.Diagnostics.Process.Start("/bin/sh", ["-c", "mkfifo \"$0/pipe\" && ln \"$0/mine.txt\" \"$0/second\"", _directory.FullName]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Answer(new RunFileContent { Path = "pipe", Content = "1" }, new RunFileContent { Path = "second", Content = "2" });

        (await RunAsync("-c", "x", "--download", "*")).ExitCode.ShouldBe(0);

        File.ReadAllText(PathOf("pipe")).ShouldBe("1");
        File.ReadAllText(PathOf("second")).ShouldBe("2");
        File.ReadAllText(PathOf("mine.txt")).ShouldBe("mine");
        File.GetUnixFileMode(PathOf("second")).ShouldBe(File.GetUnixFileMode(PathOf("mine.txt")));
        _directory.GetFileSystemInfos().Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("-v")]
    [InlineData("--download", "out/*")]
    public async Task Run_brings_back_nothing_that_was_not_asked_for(params string[] flags)
    {
        Answer(new RunFileContent { Path = "Makefile", Content = "all:; evil" }, new RunFileContent { Path = "out/deep/a", Content = "x" });

        var result = await RunAsync([.. flags, "-c", "x"]);

        result.ExitCode.ShouldBe(0);
        _directory.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("**", ".git/config", false)]
    [InlineData("**/config", ".git/config", false)]
    [InlineData("*/.x/*", ".git/.x/config", false)]
    [InlineData("*", ".envrc", false)]
    [InlineData(".git/config", ".git/config", true)]
    [InlineData(".*/*", ".git/config", true)]
    [InlineData("**/.keep", "out/.keep", true)]
    public async Task Run_download_writes_hidden_names_only_where_a_pattern_names_them(string pattern, string path, bool written)
    {
        Answer(new RunFileContent { Path = path, Content = "x" });

        var result = await RunAsync("-c", "x", "--download", pattern);

        result.ExitCode.ShouldBe(0);
        File.Exists(PathOf(path)).ShouldBe(written);
        result.Stderr.ShouldBe(written ? "" : $"sandcastle: --download: '{path}' is left out: a hidden name is written only where a pattern names it, as in '.config/*'\n");
    }

    private Task<CliResult> RunAsync(params string[] arguments) => CliProgram.RunAsync(new CliCall
    {
        Arguments = ["run", .. arguments],
        Directory = _directory.FullName,
        Environment = new Dictionary<string, string> { ["SANDCASTLE_SERVER"] = _server.UnixAddress, ["SANDCASTLE_API_KEY"] = FakeServer.ApiKey },
    });

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private void Answer(params IReadOnlyList<RunFileContent> files) =>
        _server.OnRun = (context, _) => Answers.SendAsync(context, Answers.Succeeded with { Files = files });
}
