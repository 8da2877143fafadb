using System.ComponentModel;
using System.Security.Claims;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Runs;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Mcp;

/// <summary>The tools of the MCP edge; each is one call of the application service.</summary>
[McpServerToolType]
public sealed class RunTools(RunService runs, KeyRing keys, ManagerMetrics metrics, TimeProvider clock)
{
    private const string Sandbox =
        " It runs in a fresh jail made for this call alone: no network, nothing is kept between calls, the working directory is /home/user."
        + " Bring files with 'files', take files back with 'collect'."
        + " A program that fails is a result, not an error: look at outcome, exitCode and stderr.";

    [McpServerTool(Name = "run_code", Title = "Run code", UseStructuredContent = true, Destructive = false, OpenWorld = false)]
    [Description("Run source code and get its outcome, exit code, stdout, stderr and what it used. Print what you want to see." + Sandbox)]
    public Task<ToolResult> RunCodeAsync(
        ClaimsPrincipal user,
        [Description("The source text, in the template's language")] string code,
        [Description("What runs it: python (default), python-data (numpy, pandas, matplotlib loaded), node, bash, or one of the server's own")] string template = "python",
        [Description("Arguments: sys.argv[1:] in Python, $1… in bash")] IReadOnlyList<string>? args = null,
        [Description("What the program reads on stdin")] string? stdin = null,
        [Description("Environment variables")] IReadOnlyDictionary<string, string>? env = null,
        [Description("Files to be there before the program starts")] IReadOnlyList<ToolFile>? files = null,
        [Description("Globs of files to bring back, for example out/*.png")] IReadOnlyList<string>? collect = null,
        [Description("Wall time after which it is killed, in milliseconds; default: the template's, usually 30000")] long? timeoutMs = null,
        [Description("Memory in MiB; default: the template's, usually 256")] long? memoryMiB = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(user, new RunRequest
        {
            Template = template,
            Code = code,
            Args = args,
            Stdin = stdin,
            Env = env,
            Files = Files(files),
            Collect = collect,
            Limits = Limits(timeoutMs, memoryMiB),
        }, cancellationToken);

    [McpServerTool(Name = "run_command", Title = "Run a command", UseStructuredContent = true, Destructive = false, OpenWorld = false)]
    [Description("Run one program with its arguments, without a shell, and get its outcome, exit code, stdout, stderr and what it used. "
        + "For pipes and loops use run_code with template bash." + Sandbox)]
    public Task<ToolResult> RunCommandAsync(
        ClaimsPrincipal user,
        [Description("The program and its arguments, for example [\"wc\", \"-l\", \"in.txt\"]")] IReadOnlyList<string> argv,
        [Description("Whose root file system it sees; default bash")] string template = "bash",
        [Description("What the program reads on stdin")] string? stdin = null,
        [Description("Environment variables")] IReadOnlyDictionary<string, string>? env = null,
        [Description("Files to be there before the program starts")] IReadOnlyList<ToolFile>? files = null,
        [Description("Globs of files to bring back, for example out/*.png")] IReadOnlyList<string>? collect = null,
        [Description("Wall time after which it is killed, in milliseconds; default: the template's, usually 30000")] long? timeoutMs = null,
        [Description("Memory in MiB; default: the template's, usually 256")] long? memoryMiB = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(user, new RunRequest
        {
            Template = template,
            Argv = argv,
            Stdin = stdin,
            Env = env,
            Files = Files(files),
            Collect = collect,
            Limits = Limits(timeoutMs, memoryMiB),
        }, cancellationToken);

    private async Task<ToolResult> RunAsync(ClaimsPrincipal user, RunRequest request, CancellationToken cancellationToken)
    {
        var call = new RunCall { Principal = keys.Resolve(user), Request = request, AcceptedTimestamp = clock.GetTimestamp() };
        try
        {
            var run = await runs.StartAsync(call, cancellationToken);
            return Describe(RunResponses.From(await run.Completion));
        }
        catch (RefusalException e)
        {
            // The SDK turns this into a result marked as error, whose text an agent reads and mends its call by.
            metrics.Refused(e.Refusal.Kind);
            throw new McpException($"{WireNames<RefusalKind>.Of(e.Refusal.Kind)}: {e.Refusal.Detail}", e);
        }
    }

    private static ToolResult Describe(RunResponse run) => new()
    {
        Outcome = run.Outcome!.Value,
        ExitCode = run.ExitCode,
        Signal = run.Signal,
        Stdout = run.Stdout,
        Stderr = run.Stderr,
        StdoutTruncated = run.StdoutTruncated,
        StderrTruncated = run.StderrTruncated,
        Files = run.Files.Count == 0 ? null : run.Files,
        CollectErrors = run.CollectErrors,
        Id = run.Id,
        Template = run.Template,
        Receipt = run.Receipt is { } r
            ? new ToolReceipt(r.CpuMicros, r.WallMicros, r.PeakMemoryBytes, r.MemoryByteSeconds, r.OutputBytes)
            : null,
    };

    private static List<RunFileContent>? Files(IReadOnlyList<ToolFile>? files) =>
        files?.Select(f => new RunFileContent { Path = f.Path, Content = f.Content, ContentBase64 = f.ContentBase64 }).ToList();

    private static LimitsRequest? Limits(long? timeoutMs, long? memoryMiB) =>
        timeoutMs is null && memoryMiB is null ? null : new LimitsRequest { TimeoutMs = timeoutMs, MemoryMiB = memoryMiB };
}
