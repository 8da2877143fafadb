namespace Sandcastle.Worker.Tests.Seccomp;

/// <summary>Real programs under the filter: what guests use must not be refused.</summary>
public sealed class SeccompProgramTests(SeccompProbe probe)
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public Task Python_with_its_standard_library_runs() => RunAsync(Python, "standard_library.py");

    [Fact]
    public async Task Python_with_numpy_pandas_and_matplotlib_runs()
    {
        var (exitCode, _, _) = await SeccompProbe.RunAsync(Python, ["-c", "import numpy, pandas, matplotlib"], "");
        Assert.SkipUnless(exitCode == 0, "numpy, pandas and matplotlib are not installed for " + Python);

        await RunAsync(Python, "arithmetic.py");
    }

    [Fact]
    public Task Node_with_workers_children_and_sockets_runs() => RunAsync("/usr/bin/node", "everyday.mjs");

    [Fact]
    public Task Bash_with_pipelines_and_coreutils_runs() => RunAsync("/bin/bash", "everyday.sh");

    [Theory]
    [InlineData("git", "cd $0 && git init -q r && cd r && git -c user.name=x -c user.email=x@y commit -q --allow-empty -m x && git gc -q")]
    [InlineData("openssl", "openssl genrsa 2048 | openssl rsa -noout -check")]
    [InlineData("sqlite3", "sqlite3 $0/db 'create table t(a); insert into t values(1); select * from t'")]
    [InlineData("gcc", "cd $0 && echo 'int main(void){return 0;}' >m.c && gcc -O2 -o m m.c && ./m")]
    [InlineData("xz", "seq 1 100000 | xz -T2 | xz -d | tail -1")]
    [InlineData("perl", "perl -e 'fork; if (eval { require threads }) { threads->create(sub {})->join() }'")]
    [InlineData("curl", "curl -s http://127.0.0.1:1/ || [ $? = 7 ]")]
    public async Task Tool_runs(string tool, string command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/" + tool), tool + " is not installed");
        using var directory = new TemporaryDirectory();

        var (exitCode, _, error) = await probe.ExecuteAsync("/bin/bash", "-c", command, directory.Location);

        exitCode.ShouldBe(0, error);
    }

    private async Task RunAsync(string interpreter, string program)
    {
        Assert.SkipUnless(File.Exists(interpreter), interpreter + " is not installed");
        var path = Repository.PathTo("tests", "Sandcastle.Worker.Tests", "Seccomp", "Programs", program);

        var (exitCode, output, error) = await probe.ExecuteAsync(interpreter, path);

        exitCode.ShouldBe(0, error);
        output.ShouldEndWith("ok\n");
    }
}
