using System.Diagnostics;
using Sandcastle.Client;
using Sandcastle.Conformance;
using Sandcastle.EndToEnd.Hostile;
using Sandcastle.EndToEnd.Servers;
using Sandcastle.Protocol.Rest;

[assembly: AssemblyFixture(typeof(Target))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Sandcastle.Conformance;

/// <summary>The daemon that is attacked. When all attacks are over, nothing of them may be left: else its end fails.</summary>
public sealed class Target : IAsyncLifetime
{
    /// <summary>Of the templates that are attacked.</summary>
    public const string Profile = "fork";

    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("sandcastle-conformance-");
    private Outside? _before;

    public Daemon Daemon { get; private set; } = null!;

    public SandcastleClient Client { get; private set; } = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Daemon = await Daemon.StartAsync();
        Client = Daemon.Connect();
        _before = await Outside.LookAsync(Daemon, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        var after = await Outside.LookAsync(Daemon, CancellationToken.None);
        Client.Dispose();
        await Daemon.DisposeAsync();
        _programs.Delete(recursive: true);
        after.ShouldBe(_before);
    }

    public async Task<RunResponse> RunAsync(Attack attack) => await RunAsync(await RequestAsync(attack));

    /// <summary>Python written with attack.py.</summary>
    public Task<RunResponse> RunPythonAsync(string code) => RunAsync(Python(code));

    public Task<RunResponse> RunAsync(RunRequest request) => Client.RunAsync(request, cancellationToken: Cancelled);

    private async Task<RunRequest> RequestAsync(Attack attack)
    {
        var request = attack switch
        {
            { Python: { } python } => Python(python),
            { Bash: { } bash } => new RunRequest { Template = "bash", Code = bash },
            { C: { } c } => await CompileAsync(attack.Name, c),
            _ => throw new InvalidOperationException($"{attack} has no program"),
        };
        var endless = attack.Expect.Contains("timed_out");
        return request with
        {
            Env = new Dictionary<string, string>(StringComparer.Ordinal) { ["MANAGER_PORT"] = $"{Daemon.Address.Port}" },
            Collect = attack.Collect,
            Limits = new LimitsRequest { TimeoutMs = endless ? 2_000 : 25_000 },
        };
    }

    private static RunRequest Python(string code) => new()
    {
        Template = "python",
        Code = $"from attack import *\nMANAGER_PORT = int(os.environ.get('MANAGER_PORT', '1'))\n{code}\nend()\n",
        Files = [new RunFileContent { Path = "attack.py", Content = AttackTable.Prelude }],
    };

    private async Task<RunRequest> CompileAsync(string name, string source)
    {
        var program = Path.Combine(_programs.FullName, name);
        await File.WriteAllTextAsync(program + ".c", source, Cancelled);
        using var compiler = Process.Start("gcc", ["-static", "-O1", "-o", program, program + ".c"]);
        await compiler.WaitForExitAsync(Cancelled);
        compiler.ExitCode.ShouldBe(0, name);
        return new RunRequest
        {
            Template = "bash",
            Code = "chmod +x attack && exec ./attack",
            Files = [new RunFileContent { Path = "attack", ContentBase64 = Convert.ToBase64String(await File.ReadAllBytesAsync(program, Cancelled)) }],
        };
    }
}
